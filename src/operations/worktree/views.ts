import * as z from "zod";
import type { Snapshot } from "../../core/ports/work-trees.ts";
import type { Session } from "../../core/session.ts";
import { type SnapshotView, type Worktree, workView } from "../../core/worktree.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../views.ts";
import { placeOf, workOnly } from "./close.ts";

export const worktreeView = z.object({
  id: z.string().describe("Worktree id, `wtr_…`"),
  name: z.string().describe("Agent or task that it was made for"),
  kind: z.enum(["worktree", "directory"]),
  path: z.string(),
  branch: z.string().nullable().describe("Branch that it was made with; null for a directory or a detached head"),
  repository: z.string().nullable(),
  session: z.object({ id: z.string(), name: z.string() }).nullable().describe("Null: the session is gone"),
  agent: z.object({ id: z.string(), name: z.string() }).nullable().describe("Null: a task's, or its agent is gone"),
  state: z.enum(["creating", "ready", "removing"]),
  work: workView.nullable().describe("What is in it; null for a directory, or where git cannot tell"),
  createdAt: z.iso.datetime(),
});
export type WorktreeView = z.infer<typeof worktreeView>;

export async function toWorktreeView(
  context: Context,
  row: Worktree,
  session: Session | undefined,
): Promise<WorktreeView> {
  const trees = await context.workTrees();
  const agent = row.agentId === null ? undefined : await context.store.agents.get(row.agentId);
  const isOfGit = row.repository !== null && !(await trees.isFree(row.repository));
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    path: row.path,
    branch: row.branch,
    repository: row.repository,
    session: session ? { id: session.id, name: session.name } : null,
    agent: agent ? { id: agent.id, name: agent.name } : null,
    state: row.state,
    work: isOfGit ? workOnly(await trees.inspect(placeOf(context, row), context.signal)) : null,
    createdAt: isoTime(row.createdAt),
  };
}

export function toSnapshotView(snapshot: Snapshot, repository: string): SnapshotView {
  const { ref, commit, name, branch, head, path, work } = snapshot;
  return { ref, commit, name, branch, head, path, work, repository, createdAt: isoTime(snapshot.createdAt) };
}
