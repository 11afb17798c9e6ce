import { isEnded, type Task } from "../../core/task.ts";
import { isForPeople } from "../agent/delivery/seen.ts";
import type { Context } from "../context.ts";

/** How these tasks ended was shown to whoever may act on it: they leave the inbox. Those that go on stay. */
export async function markTasksSeen(
  { store, clock, caller }: Context,
  tasks: readonly Pick<Task, "id" | "state" | "seenAt">[],
): Promise<void> {
  if (!isForPeople(caller.principal.kind)) return;
  for (const { id, state, seenAt } of tasks) {
    if (seenAt === null && isEnded(state)) await store.tasks.update(id, { seenAt: clock.now() }, [state]);
  }
}
