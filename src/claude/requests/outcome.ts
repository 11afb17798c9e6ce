import { dirname, join } from "node:path";
import type { StateReport } from "../../core/agent.ts";
import type { AgentRequest, RequestOutcome } from "../../core/request.ts";
import type { HookEvent } from "../spool/hook-event.ts";
import { readSpool } from "../spool/spool.ts";
import type { StateEvidence } from "../state/evidence.ts";
import { type ByteSource, type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { linesBackward } from "../transcript/lines.ts";
import { parseRecord } from "../transcript/record.ts";

/** Hooks that report a result run beside Claude Code (facts §3.2): how long after the result's record they may be late. */
const EVENT_LAG_MS = 1000;
/** Records are written in batches: 230 ms at most on an idle machine, on a busy one more than 500 were seen. */
const RECORD_LAG_MS = 2500;
/** How far back the result of a request is looked for. */
const MAX_BACK_BYTES = 16 * 1024 * 1024;

export interface OutcomeEvidence {
  evidence: StateEvidence;
  report: StateReport;
  /** Is it among what is asked now? */
  isOpen: boolean;
  openBytes: OpenBytes;
  spool: string;
  /** The conversation's transcript; undefined before the first prompt. */
  transcript: string | undefined;
}

/**
 * How a request ended: by the events after it, by its result in the transcript, and else by what the agent does now.
 * `open` also in the short while in which the evidence is still to come.
 */
export async function outcomeOf(request: AgentRequest, given: OutcomeEvidence): Promise<RequestOutcome> {
  const { offset, toolUseId } = request.evidence;
  if (toolUseId === null) return given.isOpen ? "open" : "gone";
  const consented = request.kind === "question" ? "answered" : "allowed";
  const { events } = offset === null ? { events: [] } : await readSpool(given.openBytes, given.spool, offset);
  const own = events.find(({ name, tool }) => tool?.useId === toolUseId && name !== "PreToolUse");
  if (own) return own.name === "PermissionDenied" ? "denied" : consented;

  const path = given.transcript && transcriptOf(given.transcript, events[0]);
  const result = path && (await withBytes(given.openBytes, path, undefined, (source) => resultOf(source, toolUseId)));
  if (result) {
    if (!result.isError) return consented;
    // Without hooks, keys answered: what they refuse is told from a tool that failed by its text.
    if (offset === null) return result.isDenial ? "denied" : consented;
    // A tool that was allowed and failed is an error as well, and its event follows at once.
    return result.isDenial || given.evidence.now - result.at > EVENT_LAG_MS ? "denied" : "open";
  }
  if (given.isOpen) return "open";
  const { state } = given.report;
  const since = given.evidence.session?.statusAt ?? given.report.since;
  if (given.evidence.now - since < RECORD_LAG_MS) return "open";
  // No result, no question any more, and it works: the tool runs. A subagent's works beside whatever the agent does.
  return state === "working" && !events[0]?.subagentId ? consented : "gone";
}

/** A subagent's results stand in a file of its own (facts §4). */
function transcriptOf(main: string, request: HookEvent | undefined): string {
  if (!request?.subagentId) return main;
  return join(dirname(main), request.sessionId, "subagents", `agent-${request.subagentId}.jsonl`);
}

interface Result {
  isError: boolean;
  /** The error says that the use was refused. */
  isDenial: boolean;
  /** Epoch ms; 0 when unknown. */
  at: number;
}

/** The result of this use of a tool, reading backwards. */
async function resultOf(source: ByteSource, toolUseId: string): Promise<Result | undefined> {
  const mark = Buffer.from(toolUseId);
  for await (const line of linesBackward(source)) {
    if (line.offset < source.size - MAX_BACK_BYTES) return undefined;
    if (!line.bytes.includes(mark)) continue;
    const record = parseRecord(line);
    const result = record?.type === "user" ? record.results.find((one) => one.toolUseId === toolUseId) : undefined;
    if (!record || !result) continue;
    const isDenial = result.isError && DENIALS.some((text) => line.bytes.includes(text));
    return { isError: result.isError, isDenial, at: record.at ?? 0 };
  }
  return undefined;
}

/** 2.1.330 names the kind of a denial; the text is the same in 2.1.197, but only of a person's No. */
const DENIALS = ['"toolDenialKind":"', "The user doesn't want to proceed with this tool use"];
