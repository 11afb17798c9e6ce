import * as z from "zod";
import { snapshotView } from "../../core/worktree.ts";
import { inParallel } from "../in-parallel.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";
import { knownSnapshots, rowsOf } from "./known-snapshots.ts";
import { toSnapshotView, toWorktreeView, worktreeView } from "./views.ts";

const AT_ONCE = 4;

export const worktreeList = defineOperation({
  name: "worktree.list",
  title: "List worktrees",
  summary: "List agents' worktrees, and snapshots of work that was removed",
  description:
    "Shows each git worktree or directory that was made for an agent or a task, with what is in it: changed, staged and untracked files, conflicts, commits that are not merged or not pushed. Those of agents and sessions that are gone are listed as long as they are there. Snapshots are what --force kept before it removed something; worktree restore brings one back.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    session: z.string().min(1).optional().describe("Only those of this session, by id or name; default: all"),
  }),
  output: z.object({ worktrees: z.array(worktreeView), snapshots: z.array(snapshotView) }),
  errors: ["SESSION_NOT_FOUND", "GIT_NOT_INSTALLED", "GIT_COMMAND_FAILED", "PERMISSION_DENIED"],
  cli: { examples: ["worktree list", "worktree list --session shop --json"] },
  async run(input, context) {
    const session = input.session === undefined ? undefined : await resolveSession(context, input.session);
    const sessions = session ? [session] : await visibleSessions(context);
    const byId = new Map(sessions.map((one) => [one.id, one]));
    const isAll = session === undefined && context.caller.principal.kind !== "worker";
    const rows = await rowsOf(context, sessions, isAll);
    const worktrees = await inParallel(rows, AT_ONCE, (row) =>
      toWorktreeView(context, row, byId.get(row.sessionId ?? "")),
    );
    const snapshots = await knownSnapshots(context, sessions, rows);
    return { worktrees, snapshots: snapshots.map(({ snapshot, repository }) => toSnapshotView(snapshot, repository)) };
  },
});
