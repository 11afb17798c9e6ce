import { describeWork, type SnapshotView, type Work } from "../../core/worktree.ts";
import type { WorktreeView } from "../../operations/worktree/views.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { type Column, formatTable } from "./table.ts";

interface Worktrees {
  worktrees: WorktreeView[];
  snapshots: SnapshotView[];
}

/** Paths and refs are for copying: each worktree and snapshot takes as many columns as they need. */
export function renderWorktrees({ worktrees, snapshots }: Worktrees, output: Output): void {
  const { paint } = output;
  const parts = [worktrees.length === 0 ? "No worktrees." : formatTable(worktrees, WORKTREE_COLUMNS, output)];
  if (snapshots.length > 0) {
    parts.push("", paint.dim("— snapshots, for claude-orch worktree restore —"));
    parts.push(formatTable(snapshots, SNAPSHOT_COLUMNS, output));
  }
  output.data(parts.join("\n"));
}

const WORKTREE_COLUMNS: Column<WorktreeView>[] = [
  { title: "for", value: ({ name, session }) => (session === null ? name : `${session.name}/${name}`) },
  { title: "branch", value: ({ branch, kind }) => branch ?? (kind === "directory" ? "(directory)" : "(detached)") },
  { title: "in it", value: contentOf },
  { title: "path", value: ({ path }) => path },
];

const SNAPSHOT_COLUMNS: Column<SnapshotView>[] = [
  { title: "for", value: ({ name }) => name },
  { title: "made", value: ({ createdAt }) => localTime(createdAt) },
  { title: "in it", value: ({ work }) => phrase(work) },
  { title: "ref", value: ({ ref }) => ref },
];

function contentOf({ state, work, agent }: WorktreeView): string {
  if (state !== "ready") return `(${state})`;
  if (work === null) return "-";
  if (!work.exists) return ["(removed by hand)", ...describeWork(work)].join(", ");
  return `${phrase(work)}${agent === null ? " (no agent)" : ""}`;
}

function phrase(work: Work): string {
  return describeWork(work).join(", ") || "nothing new";
}

export function renderRestoredWorktree(
  { worktree, snapshot }: { worktree: WorktreeView; snapshot: SnapshotView },
  output: Output,
): void {
  output.data(printable(worktree.path));
  output.note(printable(`on ${worktree.branch ?? "a detached head"}, with ${phrase(snapshot.work)}`));
}
