import { isEnded } from "../core/task.ts";
import { watchAgents } from "../operations/agent/watch.ts";
import { callOperation } from "../operations/call.ts";
import { taskLogs } from "../operations/task/logs.ts";
import type { Invocation } from "./base-command.ts";
import { jsonLine } from "./output.ts";
import { formatLogEntry, tryHeading } from "./render/task-log.ts";

/** A missed change shows after this long. */
const LOOK_EVERY_MS = 1_000;

/** `task logs --follow`: what is there, then each new entry as it comes, until the task has ended. */
export async function followTask(
  { context, output, isJson, signal }: Invocation,
  input: Record<string, unknown>,
): Promise<void> {
  const told = new Set<string>();
  let attempt = 0;
  while (!signal.aborted) {
    const { task, entries } = await callOperation(taskLogs, input, context);
    for (const entry of entries) {
      const key = `${entry.attempt} ${entry.id} ${entry.kind}`;
      if (told.has(key)) continue;
      told.add(key);
      if (!isJson && entry.attempt !== attempt) output.data(tryHeading(entry, output));
      attempt = entry.attempt;
      output.data(isJson ? jsonLine(entry) : `${formatLogEntry(entry, output)}\n`);
    }
    if (isEnded(task.state)) return;
    await watchAgents(context, LOOK_EVERY_MS);
  }
}
