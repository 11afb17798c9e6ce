import { DOES_NOT_GO_ON, GOES_ON } from "../screens/texts.ts";
import type { ByteSource } from "../transcript/byte-source.ts";
import { linesBackward } from "../transcript/lines.ts";
import { type AssistantRecord, parseRecord, type UserRecord } from "../transcript/record.ts";
import { isTurnStart } from "../transcript/turns.ts";

/** How the newest turn failed, by the transcript. */
export interface Failure {
  /** Prompt of the turn; null when no record tells it. */
  promptId: string | null;
  /** The words of StopFailure's `error`. */
  error: string;
  message: string;
  /** Epoch ms of the failure; null when the record tells none. */
  at: number | null;
  /** Epoch ms of a plan limit's reset, to the second (2.1.330; 2.1.197 tells it in the message only, to the minute). */
  resetsAt: number | null;
  /** Claude Code has announced that it goes on by itself once the limit is over. */
  goesOn: boolean;
}

/**
 * The failure of the newest turn, or that it was interrupted; undefined when its newest message is an answer, or is not written yet. Reads backwards
 * no further than that message and the prompt or tool result before it.
 */
export async function readLastFailure(source: ByteSource): Promise<Failure | "interrupted" | undefined> {
  let failure: Failure | undefined;
  let goesOn: boolean | undefined;
  for await (const line of linesBackward(source)) {
    const record = parseRecord(line);
    if (!record || record.isSidechain) continue;
    // What it says of that stands behind the failure; the newest word counts.
    if (record.type === "system" && !failure) goesOn ??= goesOnBy(record.text);
    if (record.type === "assistant") failure ??= failureOf(record, goesOn === true);
    if (record.type === "user" && record.role === "interruption" && !failure) return "interrupted";
    const isDecided = record.type === "assistant" || (record.type === "user" && endsSearch(record));
    if (isDecided && !failure) return undefined;
    if (failure && record.type === "user" && record.promptId !== null) {
      return { ...failure, promptId: record.promptId };
    }
  }
  return failure;
}

/** A new prompt has not failed yet; a command may be the program's own. */
function endsSearch(record: UserRecord): boolean {
  return isTurnStart(record) && record.role !== "command";
}

function goesOnBy(notice: string): boolean | undefined {
  if (GOES_ON.test(notice)) return true;
  return DOES_NOT_GO_ON.test(notice) ? false : undefined;
}

function failureOf(
  { apiError, stopReason, blocks, at, limitResetsAt }: AssistantRecord,
  goesOn: boolean,
): Failure | undefined {
  const error = apiError ?? (stopReason === "refusal" ? "invalid_request" : null);
  if (error === null) return undefined;
  const message = blocks.flatMap((block) => (block.kind === "text" ? [block.text] : [])).join("");
  return { promptId: null, error, message, at, resetsAt: limitResetsAt, goesOn };
}
