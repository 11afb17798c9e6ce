import * as z from "zod";
import type { Snapshot } from "../../core/ports/work-trees.ts";
import { workView } from "../../core/worktree.ts";
import type { Git } from "./git.ts";

/** Where snapshots lie: outside branches and tags, so that git shows and fetches them only when asked. */
export const BACKUPS = "refs/claude-orch/backup/";

/** Repositories inside a worktree, by their paths. */
const repositories = z.array(
  z.object({
    path: z.string(),
    get repositories() {
      return repositories;
    },
  }),
);
export type InnerRepositories = { path: string; repositories: InnerRepositories }[];

/** What a snapshot says of itself, as JSON in its commit's message. */
const snapshotRecord = z.object({
  version: z.literal(1),
  name: z.string(),
  /** Branch that was made for the worktree. */
  branch: z.string().nullable(),
  /** Branch that was checked out. */
  current: z.string().nullable(),
  head: z.string().nullable(),
  path: z.string(),
  createdAt: z.number(),
  work: workView,
  repositories,
  /** Files that only their owner may read. */
  secret: z.array(z.string()),
});
export type SnapshotRecord = Omit<z.infer<typeof snapshotRecord>, "repositories"> & { repositories: InnerRepositories };

/** The record in a commit's message; undefined where there is none that we understand. */
export function parseRecord(message: string): SnapshotRecord | undefined {
  const start = message.indexOf("\n\n{");
  if (start < 0) return undefined;
  try {
    return snapshotRecord.parse(JSON.parse(message.slice(start)));
  } catch {
    return undefined;
  }
}

/** All snapshots of a repository, oldest first. What somebody else has put there is left out. */
export async function listSnapshots(git: Git, repository: string, signal?: AbortSignal): Promise<Snapshot[]> {
  const format = "--format=%(refname)%00%(objectname)%00%(contents)%00%01";
  const output = await git.run(["for-each-ref", format, BACKUPS.slice(0, -1)], { cwd: repository, signal });
  const found = output.split("\0\u0001").flatMap((entry) => {
    const [ref = "", commit = "", message = ""] = entry.replace(/^\n/, "").split("\0");
    const record = parseRecord(message);
    return record ? [{ ref, commit, ...record, branch: record.current }] : [];
  });
  return found.sort((a, b) => a.createdAt - b.createdAt || a.ref.localeCompare(b.ref));
}
