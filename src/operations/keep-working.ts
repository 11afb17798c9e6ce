import { keepScheduling } from "../scheduler/keep-scheduling.ts";
import type { SchedulerEvent } from "../scheduler/scheduler.ts";
import { keepQueuesMoving } from "./agent/delivery/keep-moving.ts";
import { keepClean } from "./cleaning/keep-clean.ts";
import type { Context } from "./context.ts";
import { keepTeamsMoving } from "./team/keep-moving.ts";
import { keepTaskFiles } from "./todo/keep-task-files.ts";

/**
 * What a long-lived process of a person does for everybody until the context's signal aborts: it delivers what callers queued
 * and then gave up waiting for, brings coordinations on, keeps task files and queue together, removes what is over, and runs the queue of tasks when no other
 * process does. Never throws.
 *
 * @param onEvent told of the tasks that this process starts and ends
 */
export async function keepWorking(context: Context, onEvent?: (event: SchedulerEvent) => void): Promise<void> {
  await Promise.all([
    keepQueuesMoving(context),
    keepTeamsMoving(context),
    keepTaskFiles(context),
    keepClean(context),
    keepScheduling(context, onEvent ? { onEvent } : {}),
  ]);
}
