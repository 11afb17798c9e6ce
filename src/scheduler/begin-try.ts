import { AppError } from "../core/errors.ts";
import type { Task, TaskAttempt } from "../core/task.ts";
import type { Decision } from "./plan.ts";
import type { SchedulerPorts } from "./ports.ts";

/**
 * Writes down that an agent gets a task, a new agent together with it: nothing has happened in the world yet. What was
 * true when it was decided is looked at again under the store's lock.
 * @returns false when the task is not to be started any more, or its agent was taken meanwhile
 * @throws what keeps a new agent from being started
 */
export async function beginTry(
  ports: SchedulerPorts,
  { task, choice, because }: Decision & { kind: "start" },
): Promise<boolean> {
  const { store, clock, crew } = ports;
  const reserve = choice.kind === "spawn" ? await crew.prepareSpawn(task.sessionId, choice.role) : undefined;
  const maxOfRole = choice.kind === "renew" ? await crew.maxOfRole(task.sessionId, choice.role) : null;
  try {
    return await store.transaction(async (repositories) => {
      const { tasks, agents } = repositories;
      const current = await tasks.get(task.id);
      if (current?.state !== "queued" || (await tasks.unmetNeeds(task.id)).length > 0) return false;
      const now = clock.now();
      const agent = choice.kind === "spawn" ? await reserve?.(repositories) : await agents.get(choice.agentId);
      if (!agent) return false;
      if (choice.kind === "renew" && agent.role !== choice.role) {
        const present = (await agents.list(task.sessionId)).filter(({ role }) => role === choice.role);
        if (maxOfRole !== null && present.length >= maxOfRole) return false;
        await agents.update(agent.id, { role: choice.role });
      }
      const attempt: TaskAttempt = {
        number: current.attempts.length + 1,
        agentId: agent.id,
        because,
        conversation: choice.kind === "use" ? "kept" : "new",
        prompts: [{ kind: "task", at: now }],
        messageIds: [],
        startedAt: now,
        endedAt: null,
        outcome: null,
        error: null,
        checks: [],
      };
      // Without an error it is its first try, or somebody has put it into the queue again: a new row of tries begins.
      const startedAt = current.error === null ? now : (current.startedAt ?? now);
      const change: Partial<Task> = {
        state: "running",
        because: `${agent.name} gets it: ${because}`,
        attempts: [...current.attempts, attempt],
        startedAt,
        notBefore: null,
      };
      return tasks.update(task.id, change, ["queued"]);
    });
  } catch (error) {
    // Another process was faster; the next plan sees that.
    if (error instanceof AppError && (error.code === "AGENT_BUSY" || error.code === "AGENT_LIMIT_REACHED"))
      return false;
    throw error;
  }
}
