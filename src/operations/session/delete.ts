import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import type { Session } from "../../core/session.ts";
import { isEnded, TASK_STATES, type Task } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";
import { keptTranscripts } from "../agent/kept.ts";
import { assertMayEnd, endAgent } from "../agent/lifecycle/end.ts";
import { inParallel } from "../in-parallel.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession } from "../resolve.ts";
import { cancelTask } from "../task/cancel-task.ts";
import { closeWorktree } from "../worktree/close.ts";

export const sessionDelete = defineOperation({
  name: "session.delete",
  title: "Delete a session",
  summary: "Stop a session's agents and forget the session",
  description:
    "Ends every agent of the session and forgets it. Transcripts stay where Claude Code wrote them and are listed in `kept`. So do worktrees with changed, staged, untracked or unmerged work, unless forced; then a snapshot is made of each first, and `kept` names its ref for worktree restore. Refused while an agent works or a task is open, unless forced: then open tasks are cancelled, and all are forgotten. Adopted agents are only let go of, unless forced.",
  effect: "destroy",
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    session: z.string().min(1).describe("Session id or name"),
    force: z
      .boolean()
      .default(false)
      .describe(
        "Also end agents that are working or waiting, take worktrees away after a snapshot, and cancel open tasks",
      ),
  }),
  output: z.object({
    deleted: z.object({ id: z.string(), name: z.string() }),
    agents: z.array(z.object({ id: z.string(), name: z.string() })),
    tasks: z
      .array(z.object({ id: z.string(), number: z.number().int(), title: z.string() }))
      .describe("Tasks that were cancelled"),
    kept: z
      .array(z.string())
      .describe("What was not removed: paths of transcripts and worktrees, branches, refs of snapshots"),
  }),
  errors: [
    "SESSION_NOT_FOUND",
    "SESSION_HAS_TASKS",
    "AGENT_BUSY",
    "GIT_NOT_INSTALLED",
    "GIT_COMMAND_FAILED",
    "PERMISSION_DENIED",
  ],
  cli: { args: ["session"], examples: ["session delete shop --yes", "session delete shop --yes --force"] },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const agents = await context.store.agents.list(session.id);
    const openTasks = await context.store.tasks.list({ sessionId: session.id, states: OPEN_TASKS });
    if (!input.force) assertNoTasks(session, openTasks);
    // An adopted Claude Code is its person's: it is only let go of.
    const ending = agents.filter(({ isAdopted }) => !isAdopted || input.force);
    for (const agent of ending) await assertMayEnd(context, agent, input.force);
    // No scheduler starts an agent in it any more; those that work are ended below.
    await inParallel(openTasks, 8, ({ id }) => cancelTask(context, id, "its session is deleted"));
    const kept = (await Promise.all(agents.map((agent) => keptTranscripts(context, agent)))).flat();
    await Promise.all(ending.map((agent) => endAgent(context, agent)));
    // One after the other: what one has merged into another's branch is looked at again once that one is gone.
    for (const { id } of await context.store.worktrees.list(session.id)) {
      kept.push(...(await closeWorktree(context, id, { isForced: input.force })));
    }
    const program = await context.program(session.backend);
    for (const agent of agents) await program.removeAgentFiles(agent.id);
    await context.store.transaction(async (repositories) => {
      const spawnedMeanwhile = (await repositories.agents.list(session.id)).length - agents.length;
      if (spawnedMeanwhile > 0)
        throw new AppError("SESSION_HAS_AGENTS", `An agent was spawned in ${session.name} meanwhile`);
      for (const agent of agents) await repositories.agents.remove(agent.id);
      await repositories.sessions.remove(session.id);
    });
    return {
      deleted: { id: session.id, name: session.name },
      agents: agents.map(({ id, name }) => ({ id, name })),
      tasks: openTasks.map(({ id, number, title }) => ({ id, number, title })),
      kept,
    };
  },
});

const OPEN_TASKS = TASK_STATES.filter((state) => !isEnded(state));

/** @throws SESSION_HAS_TASKS */
function assertNoTasks(session: Session, open: readonly Task[]): void {
  const [first] = open;
  if (!first) return;
  const names = open.slice(0, 3).map((task) => `${taskName(task)} (${task.state})`);
  const more = open.length > 3 ? ` and ${open.length - 3} more` : "";
  throw new AppError("SESSION_HAS_TASKS", `Session ${session.name} has open tasks: ${names.join(", ")}${more}`, {
    details: { tasks: open.map(({ id }) => id) },
  });
}
