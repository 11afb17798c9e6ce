import { AppError } from "../../core/errors.ts";
import type { Inspection, WorktreeAt } from "../../core/ports/work-trees.ts";
import { describeWork, holdsWork, type Work, type Worktree } from "../../core/worktree.ts";
import type { Context } from "../context.ts";
import { listedPatterns, trashOf } from "./places.ts";

export interface CloseOptions {
  /** Takes it away whatever is in it, after a snapshot. */
  isForced: boolean;
  /** Leaves it where it is. */
  isKept?: boolean;
}

/**
 * Takes an agent's or task's place away, unless something would be lost. Answers with what was kept: the folder, where there
 * is work in it; the branch, where the folder was gone already; or the ref of the snapshot that was made first. Whoever
 * works in it must have ended.
 * @throws AGENT_BUSY while another process takes it away; GIT_NOT_INSTALLED, GIT_COMMAND_FAILED: no work was removed then
 */
export async function closeWorktree(context: Context, id: string, options: CloseOptions): Promise<string[]> {
  const row = await context.store.worktrees.get(id);
  if (!row) return [];
  const trees = await context.workTrees();
  if (options.isKept) return (await trees.isFree(row.path)) ? [] : [row.path];
  if (row.kind === "directory") return closeDirectory(context, row);
  if (row.repository === null || (await trees.isFree(row.repository))) return closeWithoutRepository(context, row);

  if (await wasMoved(context, row)) {
    await removeClaimed(context, row);
    return row.snapshot === null ? [] : [row.snapshot];
  }
  const at = placeOf(context, row);
  const work = await trees.inspect(at, context.signal);
  const reason = reasonToKeep(work, options);
  if (reason !== undefined) {
    context.logger.info("worktree.kept", { worktreeId: row.id, because: reason });
    context.progress({ message: `${work.exists ? row.path : row.branch} is kept: ${reason}` });
    return [work.exists || row.branch === null ? row.path : row.branch];
  }
  const claimed = await claim(context, row);
  if (!claimed) return [];
  try {
    const snapshot = holdsWork(work)
      ? await trees.snapshot({ ...at, name: row.name, work: workOnly(work) }, context.signal)
      : undefined;
    const removing = { ...claimed, snapshot: snapshot?.ref ?? null, trash: trashOf(row) };
    await context.store.worktrees.update(row.id, { snapshot: removing.snapshot, trash: removing.trash });
    await removeClaimed(context, removing);
    context.logger.info("worktree.closed", { worktreeId: row.id, snapshot: removing.snapshot });
    return snapshot ? [snapshot.ref] : [];
  } catch (error) {
    await release(context, row);
    throw error;
  }
}

/** The row's place, as the port asks for it. */
export function placeOf(context: Context, row: Worktree): WorktreeAt {
  return {
    repository: row.repository ?? row.path,
    path: row.path,
    branch: row.branch,
    // What was copied is looked at even when the setting has changed since.
    listed: [...listedPatterns(context), ...row.copied],
  };
}

export function workOnly({ mustStay: _, ...work }: Inspection): Work {
  return work;
}

function reasonToKeep(work: Inspection, { isForced }: CloseOptions): string | undefined {
  if (work.mustStay !== null) return work.mustStay;
  return holdsWork(work) && !isForced ? describeWork(work).join(", ") : undefined;
}

/**
 * Did a process that is dead now move it away, to delete it? Until then nothing has happened; from then on nothing is needed
 * any more of what was in it, and the missing folder must not be taken for one that was removed by hand.
 */
export async function wasMoved(context: Context, row: Worktree): Promise<boolean> {
  const isLeft = row.state === "removing" && (row.holder === null || !context.processes.isAlive(row.holder));
  return isLeft && row.trash !== null && (await context.workTrees()).isFree(row.path);
}

/** Second half of removing, which may be repeated. */
export async function removeClaimed(context: Context, row: Worktree): Promise<void> {
  if (row.repository === null || row.trash === null) return;
  const trees = await context.workTrees();
  const branch = row.ownsBranch ? row.branch : null;
  // Not to be given up half way for a Ctrl-C.
  await trees.remove({ repository: row.repository, path: row.path, trash: row.trash, branch });
  await context.store.worktrees.remove(row.id);
}

/** One process at a time; undefined where another one was faster and has ended. @throws AGENT_BUSY */
async function claim(context: Context, row: Worktree): Promise<Worktree | undefined> {
  const { processes, store } = context;
  const claimed = { state: "removing", holder: processes.self(), trash: null } as const;
  return store.transaction(async ({ worktrees }) => {
    const now = await worktrees.get(row.id);
    if (!now) return undefined;
    if (now.state === "removing" && now.holder && processes.isAlive(now.holder)) {
      throw new AppError("AGENT_BUSY", `Somebody is taking the worktree of ${row.name} away already`, {
        hint: "Try again in a moment.",
        details: { path: row.path },
      });
    }
    await worktrees.update(row.id, claimed);
    return { ...row, ...claimed };
  });
}

/** After a failure it is a worktree as before, or, when it had been moved already, the next call's to finish. */
async function release(context: Context, row: Worktree): Promise<void> {
  const trees = await context.workTrees();
  const state = (await trees.isFree(row.path)) ? "removing" : "ready";
  await context.store.worktrees.update(row.id, { state, holder: null });
}

async function closeDirectory(context: Context, row: Worktree): Promise<string[]> {
  const trees = await context.workTrees();
  // Without version control there are no snapshots: what is in it stays, whoever insists.
  if (!(await trees.removeEmptyFolder(row.path))) return [row.path];
  await context.store.worktrees.remove(row.id);
  return [];
}

async function closeWithoutRepository(context: Context, row: Worktree): Promise<string[]> {
  const trees = await context.workTrees();
  if (!(await trees.isFree(row.path))) return [row.path];
  await context.store.worktrees.remove(row.id);
  return [];
}
