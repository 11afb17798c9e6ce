import type { Repositories } from "../core/ports/store.ts";
import type { Task } from "../core/task.ts";
import { taskName } from "./names.ts";

/** The tasks that wait for a failed or cancelled one say so; a `task retry` of it lets them go on. */
export async function tellDependants({ tasks }: Pick<Repositories, "tasks">, need: Task): Promise<void> {
  const because = `it needs ${taskName(need)} (${need.title}), which ${need.state === "failed" ? "failed" : "was cancelled"}: ${need.because}`;
  for (const dependant of await tasks.dependants(need.id)) {
    if (dependant.state === "blocked" && dependant.because !== because)
      await tasks.update(dependant.id, { because }, ["blocked"]);
  }
}
