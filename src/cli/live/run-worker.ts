import { AppError } from "../../core/errors.ts";
import { keepWorking } from "../../operations/keep-working.ts";
import { taskNames, toTaskItem } from "../../operations/task/views.ts";
import type { Invocation } from "../base-command.ts";
import { jsonLine } from "../output.ts";
import { formatTaskEvent } from "../render/tasks.ts";

/**
 * Runs the queue until the signal aborts, and prints each task that this process starts and ends.
 * @throws PERMISSION_DENIED for an agent: what it runs has fewer rights than those who start agents
 */
export async function runWorker({ context, output, isJson }: Invocation): Promise<void> {
  const { principal } = context.caller;
  if (principal.kind !== "operator") {
    throw new AppError("PERMISSION_DENIED", `A ${principal.kind} may not run the queue`);
  }
  if (output.isTerminal && !isJson) output.note("The queue runs until Ctrl-C. Submit with: claude-orch task submit");
  let printing = Promise.resolve();
  await keepWorking(context, ({ kind, task }) => {
    printing = printing.then(async () => {
      const item = toTaskItem(task, await taskNames(context), context.clock.now());
      output.data(isJson ? jsonLine({ event: kind, task: item }) : formatTaskEvent(item, output));
    });
  });
  await printing;
}
