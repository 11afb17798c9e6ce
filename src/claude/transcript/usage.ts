import { createHash } from "node:crypto";
import { sumUsage, type Usage } from "../../core/message.ts";
import { type OpenBytes, withBytes } from "./byte-source.ts";
import { linesForward } from "./lines.ts";
import { parseRecord } from "./record.ts";

const NO_USAGE: Usage = sumUsage([]);

const ASSISTANT = Buffer.from('"type":"assistant"');

/** How far one transcript has been summed. */
interface Mark {
  /** Byte offset of the first line that has not been read. */
  offset: number;
  /** The newest API message: its last line, which has the final count, may be still to come. */
  newest: { key: string; usage: Usage } | null;
}

/** What a tally looks like between two processes; plain JSON. */
export interface SavedTally {
  total: Usage;
  /** Keys of all messages that are in `total`, or are the newest of a transcript. */
  keys: string[];
  marks: Record<string, Mark>;
}

/**
 * Tokens of several transcripts together, each API message once although it has a line per content block (facts §4), and
 * although a forked conversation begins with a copy of another one. Only what was appended since is read: memory and
 * state grow by one short key a message.
 */
export class UsageTally {
  #total: Usage;
  readonly #keys: Set<string>;
  readonly #marks: Map<string, Mark>;

  constructor({ total, keys, marks }: SavedTally = { total: NO_USAGE, keys: [], marks: {} }) {
    this.#total = total;
    this.#keys = new Set(keys);
    this.#marks = new Map(Object.entries(marks));
  }

  /** Adds what the transcript holds beyond its mark; false when that is nothing, as of a file that does not exist. */
  async add(openBytes: OpenBytes, conversationId: string, path: string): Promise<boolean> {
    const before = this.#marks.get(conversationId);
    return withBytes(openBytes, path, false, async (source) => {
      // Shorter than it was: another file under the same name. What is in it already is known by its keys.
      const from = before && before.offset <= source.size ? before.offset : 0;
      const mark: Mark = { offset: from, newest: before?.newest ?? null };
      for await (const line of linesForward(source, from)) {
        mark.offset = line.end;
        if (!line.bytes.includes(ASSISTANT)) continue;
        const record = parseRecord(line);
        if (record?.type !== "assistant" || record.isSidechain || !record.usage || record.messageId === null) continue;
        this.#count(mark, keyOf(record.messageId, record.requestId), record.usage);
      }
      this.#marks.set(conversationId, mark);
      return mark.offset !== before?.offset;
    });
  }

  #count(mark: Mark, key: string, usage: Usage): void {
    if (mark.newest?.key === key) mark.newest.usage = usage;
    else if (!this.#keys.has(key)) {
      if (mark.newest) this.#total = sumUsage([this.#total, mark.newest.usage]);
      mark.newest = { key, usage };
      this.#keys.add(key);
    }
  }

  total(): Usage {
    const newest = [...this.#marks.values()].flatMap((mark) => (mark.newest ? [mark.newest.usage] : []));
    return sumUsage([this.#total, ...newest]);
  }

  saved(): SavedTally {
    return { total: this.#total, keys: [...this.#keys], marks: Object.fromEntries(this.#marks) };
  }
}

/** Short: there is one of each message that an agent ever got. */
function keyOf(messageId: string, requestId: string | null): string {
  return createHash("sha256")
    .update(`${messageId} ${requestId ?? ""}`)
    .digest("base64url")
    .slice(0, 12);
}
