import { parseObject, stringOf } from "./json-fields.ts";
import type { Line } from "./lines.ts";
import { typeAtStart } from "./record.ts";

/** What Claude Code does with its own queue of prompts that were typed while it was busy (facts §5.4). */
export interface QueueOperation {
  /** `enqueue`; `dequeue` and `remove` when a turn takes it up; others when a person takes it back. */
  operation: string;
  /** With `enqueue`: the text. */
  content: string | null;
}

/** Undefined for every other line. */
export function parseQueueOperation({ bytes }: Line): QueueOperation | undefined {
  if (typeAtStart(bytes) !== "queue-operation") return undefined;
  const json = parseObject(bytes.toString("utf8"));
  return json && { operation: stringOf(json.operation) ?? "", content: stringOf(json.content) };
}
