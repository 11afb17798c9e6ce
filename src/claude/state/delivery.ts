import type { DeliveryEvidence, EvidencePosition } from "../../core/ports/agent-program.ts";
import { readSpool } from "../spool/spool.ts";
import { type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { isSamePrompt } from "../transcript/pasted-content.ts";
import { parseQueueOperation } from "../transcript/queue-operation.ts";
import { parseRecord } from "../transcript/record.ts";
import { linesFrom, turnBefore } from "../transcript/turn-reader.ts";
import { TurnLinks } from "../transcript/turns.ts";

/**
 * What proves that a text arrived, looking only at evidence after `position`: the UserPromptSubmit event with this
 * text, and the user record (or, where a running turn took it up, the queued_command record) with this text.
 */
export async function deliveryEvidence(
  openBytes: OpenBytes,
  paths: { spool: string; transcript: string | undefined },
  expected: { text: string; conversationId: string },
  position: EvidencePosition,
): Promise<DeliveryEvidence> {
  const [submitted, { recorded, isQueued }] = await Promise.all([
    submission(openBytes, paths.spool, expected, position.spool),
    recording(openBytes, paths.transcript, expected.text, position.transcript),
  ]);
  // The event carries no time of its own: the record's is the better one where the spool was written again since.
  const at = submitted && { ...submitted, at: Math.min(submitted.at, recorded?.at ?? submitted.at) };
  return { ...(at ? { submitted: at } : {}), ...(recorded ? { recorded } : {}), ...(isQueued ? { isQueued } : {}) };
}

async function submission(
  openBytes: OpenBytes,
  path: string,
  expected: { text: string; conversationId: string },
  from: number,
): Promise<DeliveryEvidence["submitted"]> {
  const { events, writtenAt } = await readSpool(openBytes, path, from);
  const event = events.find(
    ({ name, prompt, sessionId }) =>
      name === "UserPromptSubmit" &&
      sessionId === expected.conversationId &&
      prompt !== undefined &&
      isSamePrompt(prompt, expected.text),
  );
  return event && { promptId: event.promptId, at: Math.round(writtenAt ?? 0) };
}

async function recording(
  openBytes: OpenBytes,
  path: string | undefined,
  text: string,
  from: number,
): Promise<Pick<DeliveryEvidence, "recorded" | "isQueued">> {
  if (path === undefined) return {};
  return withBytes(openBytes, path, {}, async (source) => {
    const links = new TurnLinks();
    let isQueued = false;
    for await (const line of linesFrom(source, from)) {
      const queued = parseQueueOperation(line);
      // What leaves the queue is not named: from then on nothing is sure until it is recorded.
      if (queued?.operation !== "enqueue") isQueued &&= queued === undefined;
      else if (isSamePrompt(queued.content ?? "", text)) isQueued = true;
      const record = queued ? undefined : parseRecord(line);
      if (!record || record.isSidechain) continue;
      const start = links.add(record);
      const isPrompt = record.type === "user" && record.results.length === 0 && isSamePrompt(record.text, text);
      const isTakenUp = record.type === "attachment" && record.prompt !== null && isSamePrompt(record.prompt, text);
      if (!isPrompt && !isTakenUp) continue;
      const promptId =
        record.type === "user" ? record.promptId : ((start ?? (await turnBefore(source, from)))?.promptId ?? null);
      const entryId = record.uuid ?? `@${record.offset}`;
      return { recorded: { promptId, entryId, at: record.at ?? Math.round(source.modifiedAt) } };
    }
    return isQueued ? { isQueued } : {};
  });
}
