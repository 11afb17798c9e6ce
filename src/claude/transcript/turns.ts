import type { TranscriptRecord, UserRecord } from "./record.ts";

/** One prompt and everything that descends from it until the next one. */
export interface Turn {
  /** The record that began it. */
  start: UserRecord;
  /** Its records in file order, `start` first. */
  records: TranscriptRecord[];
  /** A later turn began: nothing more will come. */
  isSuperseded: boolean;
}

/** Does this record begin something that the model answers? */
export function isTurnStart(record: TranscriptRecord): record is UserRecord {
  if (record.type !== "user" || record.isSidechain) return false;
  return (
    record.role === "prompt" || record.role === "notification" || record.role === "shell" || record.role === "command"
  );
}

/**
 * Finds the turn of each record by the parent chain, in one pass. Order alone would not do: records of one turn can be
 * flushed after the next prompt, and a resume after a crash leaves an abandoned branch behind (facts §4).
 */
export class TurnLinks {
  readonly #startByUuid = new Map<string, UserRecord>();
  readonly #startByPrompt = new Map<string, UserRecord>();
  /** Prompts whose only descendants so far are attachments: a further prompt of the same id joins their turn. */
  readonly #open = new Map<string, UserRecord>();
  #latest: UserRecord | undefined;

  /** The record that began this record's turn: itself for a start, undefined outside any turn. */
  add(record: TranscriptRecord): UserRecord | undefined {
    if (record.isSidechain) return undefined;
    const start = isTurnStart(record) ? this.#begin(record) : this.#inherited(record);
    if (record.uuid !== null && start) {
      this.#startByUuid.set(record.uuid, start);
      const isOpen = isTurnStart(record) || (record.type === "attachment" && this.#isOpen(record.parent));
      if (isOpen) this.#open.set(record.uuid, start);
    }
    return start;
  }

  /** Queued messages that one turn takes up together are user records in a row with one prompt id (facts §5.4). */
  #begin(record: UserRecord): UserRecord {
    const joined = record.parent === null ? undefined : this.#open.get(record.parent);
    if (joined && record.promptId !== null && joined.promptId === record.promptId) return joined;
    this.#open.clear();
    this.#latest = record;
    if (record.promptId !== null) this.#startByPrompt.set(record.promptId, record);
    return record;
  }

  #inherited(record: TranscriptRecord): UserRecord | undefined {
    if (record.parent === null) return undefined;
    const byParent = this.#startByUuid.get(record.parent);
    if (byParent) return byParent;
    const byPrompt = record.type === "user" && record.promptId !== null && this.#startByPrompt.get(record.promptId);
    // The parent lies before what was read, or its line was broken.
    return byPrompt || this.#latest;
  }

  #isOpen(parent: string | null): boolean {
    return parent !== null && this.#open.has(parent);
  }
}

/** The turns of these records, oldest first. What belongs to no turn in them is left out. */
export function assembleTurns(records: Iterable<TranscriptRecord>): Turn[] {
  const links = new TurnLinks();
  const turns = new Map<UserRecord, Turn>();
  for (const record of records) {
    const start = links.add(record);
    if (!start) continue;
    const turn = turns.get(start);
    if (turn) turn.records.push(record);
    else if (start === record) turns.set(start, { start, records: [record], isSuperseded: false });
  }
  const answered = [...turns.values()].filter(isAnswerable);
  for (const [index, turn] of answered.entries()) turn.isSuperseded = index < answered.length - 1;
  return answered;
}

/** Most slash commands are answered by the program itself; only those that the model answers are turns. */
function isAnswerable({ start, records }: Turn): boolean {
  return start.role !== "command" || records.some(({ type }) => type === "assistant");
}
