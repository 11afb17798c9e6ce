import type { Agent } from "../../core/agent.ts";
import type { Context } from "../context.ts";
import { workOnly } from "./close.ts";
import { listedPatterns, trashOf } from "./places.ts";
import { settleWorktrees } from "./settle.ts";

/**
 * Sees to it that an agent's worktree is there before the agent is started: one that was removed by hand, or never finished,
 * is made again on its branch. What was staged in it is kept in a snapshot first.
 * @throws BRANCH_IN_USE, GIT_NOT_INSTALLED, GIT_COMMAND_FAILED
 */
export async function ensureWorktree(context: Context, agent: Agent): Promise<void> {
  const { worktree: mine } = agent;
  if (mine === null) return;
  const trees = await context.workTrees();
  await settleWorktrees(context);
  if (!(await trees.isFree(mine.path))) return;

  const row = await context.store.worktrees.get(mine.id);
  const folder = row?.repository ?? (await context.store.sessions.get(agent.sessionId))?.root ?? agent.cwd;
  const { root } = await trees.repository(folder, context.signal);
  const listed = listedPatterns(context);
  const at = { repository: root, path: mine.path, branch: mine.branch, listed };
  const work = await trees.inspect(at, context.signal);
  if (work.staged + work.conflicts > 0) {
    await trees.snapshot({ ...at, name: agent.name, work: workOnly(work) }, context.signal);
  }
  await trees.remove({ repository: root, path: mine.path, trash: trashOf(mine), branch: null });

  const isNewBranch = !(await trees.hasBranch(root, mine.branch, context.signal));
  const prefix = agent.cwd.startsWith(mine.path) ? agent.cwd.slice(mine.path.length + 1) : "";
  const { head, copied } = await trees.create(
    { ...at, isNewBranch, start: row?.base ?? null, prefix, copy: listed },
    context.signal,
  );
  const made = { repository: root, base: head, copied, state: "ready", holder: null, trash: null } as const;
  if (row) return context.store.worktrees.update(row.id, made);
  await context.store.worktrees.insert({
    ...made,
    ...mine,
    sessionId: agent.sessionId,
    agentId: agent.id,
    name: agent.name,
    kind: "worktree",
    ownsBranch: isNewBranch,
    snapshot: null,
    createdAt: context.clock.now(),
  });
}
