import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { AgentRequest, Decision, RequestOutcome } from "../../core/request.ts";
import { type EventSurroundings, requestOfEvent } from "../requests/describe.ts";
import { verdictOn } from "../requests/hook-decision.ts";
import { type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { isObject, type JsonObject, parseObject } from "../transcript/json-fields.ts";
import { linesForward } from "../transcript/lines.ts";
import { responseLine } from "./control-lines.ts";
import { answeredId, type OutputTail, resultIds } from "./output-tail.ts";

/** What a headless agent asks, in full, oldest first. Its answers go over the control protocol. */
export async function controlRequests(
  agent: Agent,
  output: OutputTail,
  recordedUses: EventSurroundings["recordedUses"],
): Promise<AgentRequest[]> {
  return Promise.all(
    output.asked.map(async ({ controlId, event }) => {
      const about = { cwd: agent.cwd, isWaitedFor: false, since: output.writtenAt, recordedUses };
      const request = await requestOfEvent({ request: event, useId: event.tool?.useId ?? null }, about);
      return { ...request, via: "control" as const, evidence: { ...request.evidence, waiter: controlId } };
    }),
  );
}

/**
 * The line that answers a request.
 * @throws REQUEST_CLOSED when it is no longer open, REQUEST_ANSWER_INVALID when the decision does not fit it
 */
export function answerLine(
  request: AgentRequest,
  decision: Decision,
  about: { output: OutputTail; claudeVersion: string },
): Record<string, unknown> {
  const asked = about.output.asked.find(({ controlId }) => controlId === request.evidence.waiter);
  if (!asked) throw new AppError("REQUEST_CLOSED", `It is no longer asked: ${request.summary}`);
  const verdict = verdictOn(request, decision, {
    suggestions: asked.event.suggestions ?? [],
    claudeVersion: about.claudeVersion,
  });
  // An allowance without the input it is about is refused as malformed.
  const input = verdict.behavior === "allow" ? { updatedInput: asked.event.tool?.input ?? {} } : {};
  return responseLine(asked.controlId, { ...input, ...verdict });
}

/**
 * What became of a request: Claude Code echoes the answer that it took, which is the first; a request that was
 * withdrawn (an interrupt) it names.
 */
export async function controlOutcome(
  openBytes: OpenBytes,
  path: string,
  request: AgentRequest,
): Promise<RequestOutcome> {
  const { offset, waiter, toolUseId } = request.evidence;
  return withBytes<RequestOutcome>(openBytes, path, "gone", async (source) => {
    for await (const { bytes } of linesForward(source, offset ?? 0)) {
      const json = parseObject(bytes.toString("utf8"));
      if (json?.type === "control_response" && answeredId(json) === waiter) return outcomeOf(json, request);
      if (json?.type === "control_cancel_request" && answeredId(json) === waiter) return "gone";
      if (json?.type === "user" && toolUseId !== null && resultIds(json).includes(toolUseId)) return "gone";
    }
    return "open";
  });
}

function outcomeOf(json: JsonObject, { kind }: AgentRequest): RequestOutcome {
  const envelope = isObject(json.response) ? json.response : {};
  const { behavior } = isObject(envelope.response) ? envelope.response : {};
  if (behavior !== "allow") return "denied";
  return kind === "question" ? "answered" : "allowed";
}
