import { toAppError } from "../../core/errors.ts";
import { holdsWork, type Worktree } from "../../core/worktree.ts";
import type { Context } from "../context.ts";
import { placeOf, removeClaimed, wasMoved, workOnly } from "./close.ts";
import { trashOf } from "./places.ts";

/**
 * Finishes or cleans what processes left that died while they made or removed worktrees. What cannot be settled is left for
 * the next call, and is no reason to fail this one.
 */
export async function settleWorktrees(context: Context): Promise<void> {
  for (const row of await context.store.worktrees.list()) {
    if (!isLeft(context, row)) continue;
    try {
      await settle(context, row);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === "cancelled") throw error;
      context.logger.warn("worktree.not-settled", { worktreeId: row.id, code: error.code });
    }
  }
}

function isLeft({ processes }: Context, row: Worktree): boolean {
  return row.state !== "ready" && (row.holder === null || !processes.isAlive(row.holder));
}

async function settle(context: Context, row: Worktree): Promise<void> {
  if (row.state === "creating") return row.kind === "directory" ? settleDirectory(context, row) : unmake(context, row);
  if (await wasMoved(context, row)) return removeClaimed(context, row);
  await context.store.worktrees.update(row.id, { state: "ready", holder: null, trash: null });
}

async function settleDirectory(context: Context, row: Worktree): Promise<void> {
  const trees = await context.workTrees();
  if (await trees.isFree(row.path)) await context.store.worktrees.remove(row.id);
  else await context.store.worktrees.update(row.id, { state: "ready", holder: null });
}

/**
 * Takes a half-made worktree away: git may have checked out a part of it, or all. Nobody was told of it, but somebody may
 * have found it: what looks like work is kept in a snapshot.
 */
async function unmake(context: Context, row: Worktree): Promise<void> {
  const trees = await context.workTrees();
  const at = placeOf(context, row);
  const work = await trees.inspect(at, context.signal);
  // Of a folder that git does not know nothing was made by us: git enters a worktree before it makes the folder.
  if (work.mustStay === null) {
    if (work.exists && holdsWork(work)) {
      await trees.snapshot({ ...at, name: row.name, work: workOnly(work) }, context.signal);
    }
    const branch = row.ownsBranch ? row.branch : null;
    await trees.remove({ repository: at.repository, path: row.path, trash: trashOf(row), branch });
  }
  await context.store.worktrees.remove(row.id);
}
