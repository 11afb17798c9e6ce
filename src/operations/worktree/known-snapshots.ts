import type { Snapshot } from "../../core/ports/work-trees.ts";
import type { Session } from "../../core/session.ts";
import type { Worktree } from "../../core/worktree.ts";
import type { Context } from "../context.ts";

export interface KnownSnapshot {
  /** Folder of the repository that holds it. */
  repository: string;
  snapshot: Snapshot;
}

/** Snapshots in the repositories of these sessions and worktrees and, but for agents, of the one the caller stands in; oldest first. */
export async function knownSnapshots(
  context: Context,
  sessions: readonly Session[],
  rows: readonly Worktree[],
): Promise<KnownSnapshot[]> {
  const trees = await context.workTrees();
  const { principal, cwd } = context.caller;
  const folders = [
    ...sessions.map(({ root }) => root),
    ...rows.flatMap(({ repository }) => (repository === null ? [] : [repository])),
    ...(principal.kind === "worker" ? [] : [cwd]),
  ];
  // Folders that are gone, or in no repository, have no snapshots.
  const found = await Promise.all(
    [...new Set(folders)].map((folder) => trees.repository(folder, context.signal).catch(() => undefined)),
  );
  const roots = [...new Set(found.flatMap((repository) => (repository ? [repository.root] : [])))];
  const lists = await Promise.all(
    roots.map(async (repository) =>
      (await trees.snapshots(repository, context.signal)).map((snapshot) => ({ repository, snapshot })),
    ),
  );
  // Two roots may be worktrees of one repository; the first named is the session's.
  const byIdentity = new Map(
    lists
      .flat()
      .toReversed()
      .map((one) => [`${one.snapshot.ref} ${one.snapshot.commit}`, one]),
  );
  return [...byIdentity.values()].sort((a, b) => a.snapshot.createdAt - b.snapshot.createdAt);
}

/** Rows of these sessions; with `isAll`, also those whose session is gone. */
export async function rowsOf(context: Context, sessions: readonly Session[], isAll: boolean): Promise<Worktree[]> {
  const ids = new Set<string | null>(sessions.map(({ id }) => id));
  return (await context.store.worktrees.list()).filter(({ sessionId }) =>
    sessionId === null ? isAll : ids.has(sessionId),
  );
}
