import * as z from "zod";
import type { ProcessIdentity } from "./ports/process-runner.ts";

/** Where an agent works: in the session's own folder, in a git worktree of its own, or in an empty folder of its own (⊕A10). */
export const ISOLATIONS = ["none", "worktree", "directory"] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/**
 * A place that was made for an agent or a task. The row is the journal: it is written before anything happens in the
 * world, and outlives its agent and session for as long as the place is there.
 */
export interface Worktree {
  id: string;
  /** Null once the session is gone. */
  sessionId: string | null;
  /** The agent that works in it; null for a task's, a restored one, and once the agent is gone. */
  agentId: string | null;
  /** Name of the agent or task that it was made for. */
  name: string;
  kind: Exclude<Isolation, "none">;
  /** Absolute path of the folder that git was asked from: a main tree or bare repository; null for a plain directory. */
  repository: string | null;
  /** Absolute path. */
  path: string;
  branch: string | null;
  /** Whether the branch was made with it, so that it may go with it. */
  ownsBranch: boolean;
  /** Commit that it began at; null for a plain directory and while it is being made. */
  base: string | null;
  /** Paths, relative to it, of files outside version control that were copied into it. */
  copied: string[];
  /** `creating` is written before it is made, `removing` before it is taken away. */
  state: "creating" | "ready" | "removing";
  /** Ref of the snapshot that was made before it was taken away. */
  snapshot: string | null;
  /** Where its folder is moved before it is deleted: what lies there is in no need of keeping any more. */
  trash: string | null;
  /** Who creates or removes it: when that process is dead, somebody else finishes. */
  holder: ProcessIdentity | null;
  createdAt: number;
}

export const OPERATIONS_IN_PROGRESS = ["merge", "rebase", "cherry-pick", "revert", "am", "bisect"] as const;

/** What is in a worktree, as git and the folder tell. Counts are of files, but for commits and repositories. */
export const workView = z.object({
  exists: z.boolean().describe("Whether its folder is there"),
  head: z.string().nullable().describe("Commit that is checked out; null where there is none yet"),
  branch: z.string().nullable().describe("Branch that is checked out; null when the head is detached"),
  staged: z.number().int().describe("Files with staged changes"),
  changed: z.number().int().describe("Files changed or deleted, but not staged"),
  untracked: z.number().int().describe("Files that git does not know"),
  conflicts: z.number().int().describe("Files with conflicts"),
  listed: z.number().int().describe("Ignored files of the setting worktreeCopy that differ from the main tree's"),
  repositories: z.number().int().describe("Repositories inside it, such as submodules, with work of their own"),
  operation: z.enum(OPERATIONS_IN_PROGRESS).nullable().describe("What git is in the middle of"),
  unmerged: z.number().int().describe("Commits that no other branch has"),
  unpushed: z.number().int().nullable().describe("Commits that no remote has; null where there is no remote"),
});
export type Work = z.infer<typeof workView>;

/** A snapshot of a worktree, as `worktree list` tells. */
export const snapshotView = z.object({
  ref: z.string().describe("Hand this to worktree restore; git shows it, too"),
  commit: z.string(),
  name: z.string().describe("Agent or task whose work it is"),
  branch: z.string().nullable().describe("Branch that was checked out"),
  head: z.string().nullable().describe("Commit that was checked out"),
  repository: z.string().describe("Folder of the repository that holds it"),
  path: z.string().describe("Where the worktree was"),
  createdAt: z.iso.datetime(),
  work: workView,
});
export type SnapshotView = z.infer<typeof snapshotView>;

/**
 * Would something be lost with the folder and its branch? Commits that are merged but not pushed are not: another branch
 * of the same repository has them.
 */
export function holdsWork(work: Work): boolean {
  return describeWork({ ...work, unpushed: null }).length > 0;
}

/** What is in a worktree, one phrase each; empty when there is nothing to lose. */
export function describeWork(work: Work): string[] {
  const counted: [number | null, string, string][] = [
    [work.conflicts, "file with conflicts", "files with conflicts"],
    [work.staged, "staged file", "staged files"],
    [work.changed, "changed file", "changed files"],
    [work.untracked, "untracked file", "untracked files"],
    [work.listed, "changed copy of a listed file", "changed copies of listed files"],
    [work.repositories, "repository with work of its own", "repositories with work of their own"],
    [work.unmerged, "unmerged commit", "unmerged commits"],
    [work.unpushed, "unpushed commit", "unpushed commits"],
  ];
  const phrases = counted.flatMap(([count, one, many]) =>
    count === null || count === 0 ? [] : [`${count} ${count === 1 ? one : many}`],
  );
  return work.operation === null ? phrases : [`a ${work.operation} in progress`, ...phrases];
}

/** A name as one part of a branch or ref: what git forbids there becomes a dash (`git check-ref-format`). */
export function refPart(name: string): string {
  const cleaned = name
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/\.{2,}/g, ".-")
    .replace(/\.lock$/i, "-lock")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 64);
  return cleaned === "" ? "unnamed" : cleaned;
}
