import type { Task } from "../core/task.ts";
import type { Preparation } from "../core/workflow/advance-run.ts";
import type { Context } from "../operations/context.ts";
import { AgentCrew } from "./agent-crew.ts";
import { withNeededResults } from "./needed-results.ts";
import { Scheduler, type SchedulerEvent } from "./scheduler.ts";
import { prepareWorkflowTask } from "./workflow-steps.ts";

interface KeepOptions {
  /** Told of what this process starts and ends, not of what another one does. */
  onEvent?: (event: SchedulerEvent) => void;
}

/**
 * Runs the queue in this process until the context's signal aborts, whenever no other process does. For long-lived
 * processes, and for calls that wait for tasks. Never throws.
 */
export async function keepScheduling(context: Context, { onEvent }: KeepOptions = {}): Promise<void> {
  const { kind } = context.caller.principal;
  // What an agent or an observer runs has fewer rights than those who start agents.
  if (kind === "worker" || kind === "observer") return;
  const calling = { ...context, caller: { ...context.caller, principal: { kind: "operator" as const } } };
  const ports = {
    ...calling,
    crew: new AgentCrew(calling),
    prepareTask: async (task: Task): Promise<Preparation> => {
      const prepared = await prepareWorkflowTask(calling.store, task, calling.clock.now());
      if (prepared.kind === "skip") return prepared;
      return { kind: "start", text: await withNeededResults(calling.store.tasks, task, prepared.text) };
    },
  };
  await new Scheduler(ports, onEvent).run();
}
