import type { TaskRepository } from "../core/ports/store.ts";
import type { Task } from "../core/task.ts";
import { taskName } from "./names.ts";

/** Of each result; the whole one stands in the task, where its agent can read it. */
const MAX_RESULT = 8_000;

/**
 * The text of a task with the results of the tasks that it needed: its agent knows nothing else of them. (Steps of a workflow
 * say themselves which results they take up, and where.)
 */
export async function withNeededResults(
  tasks: Pick<TaskRepository, "get">,
  { needs, workflowRunId }: Pick<Task, "needs" | "workflowRunId">,
  text: string,
): Promise<string> {
  if (workflowRunId !== null) return text;
  const needed = (await Promise.all(needs.map((id) => tasks.get(id)))).flatMap((task) => task ?? []);
  const results = needed.flatMap(resultOf);
  return results.length === 0 ? text : `${text}\n\n${results.join("\n\n")}`;
}

function resultOf({ number, title, result }: Task): string[] {
  const said = result?.trim() ?? "";
  if (said === "") return [];
  const rest = said.length - MAX_RESULT;
  const shown = rest > 0 ? `${said.slice(0, MAX_RESULT)}… (${rest} more characters: task_show)` : said;
  return [`What ${taskName({ number })} (${title}) came to:\n\n${shown}`];
}
