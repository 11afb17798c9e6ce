import { join } from "node:path";
import type { Session } from "../core/session.ts";
import type { Task } from "../core/task.ts";
import type { Context } from "../operations/context.ts";
import { checkedRepository, openWorktree } from "../operations/worktree/open.ts";
import { taskName } from "./names.ts";

/**
 * The folder that a task is worked on and checked in: the session's, or a git worktree of the task's own, made at its first
 * try and kept for the next ones and for whoever merges it.
 * @throws SESSION_ROOT_NOT_A_REPOSITORY, REPOSITORY_WITHOUT_COMMIT, GIT_NOT_INSTALLED, GIT_COMMAND_FAILED
 */
export async function workplace(context: Context, session: Session, task: Task): Promise<string> {
  if (!task.worktree) return session.root;
  const name = taskName(task);
  const made = (await context.store.worktrees.list(session.id)).find(
    (one) => one.name === name && one.agentId === null && one.kind === "worktree" && one.state === "ready",
  );
  if (made && (await isThere(context, made.path))) {
    const { prefix } = await checkedRepository(context, { session });
    return join(made.path, prefix);
  }
  return (await openWorktree(context, { session, name })).cwd;
}

/** It may have been removed by hand. */
async function isThere({ files }: Context, path: string): Promise<boolean> {
  return files.realDirectory(path).then(
    () => true,
    () => false,
  );
}
