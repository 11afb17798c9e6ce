import { join, resolve, sep } from "node:path";
import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";
import type { Snapshot } from "../../core/ports/work-trees.ts";
import type { Session } from "../../core/session.ts";
import { refPart, snapshotView, type Worktree } from "../../core/worktree.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";
import { type KnownSnapshot, knownSnapshots, rowsOf } from "./known-snapshots.ts";
import { firstFree, hiddenFolder, worktreesFolder } from "./places.ts";
import { toSnapshotView, toWorktreeView, worktreeView } from "./views.ts";

export const worktreeRestore = defineOperation({
  name: "worktree.restore",
  title: "Restore a worktree",
  summary: "Bring a snapshot of removed work back as a new worktree",
  description:
    "Makes a new git worktree with all that a snapshot holds: its files byte for byte, what was staged, a merge or rebase in progress, and repositories inside it. It is on the branch it was on where that is free, else on a new one beside it. Nothing that exists is overwritten, and the snapshot stays; git update-ref -d REF takes it away.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    ref: z.string().min(1).describe("Ref of the snapshot, the end of one, or an agent's name for its newest"),
    to: z.string().min(1).optional().describe("Folder that does not exist yet; default: beside the other worktrees"),
    session: z.string().min(1).optional().describe("Only look in this session's repository"),
  }),
  output: z.object({ worktree: worktreeView, snapshot: snapshotView }),
  errors: [
    "SNAPSHOT_NOT_FOUND",
    "SNAPSHOT_AMBIGUOUS",
    "SNAPSHOT_DAMAGED",
    "WORKTREE_TARGET_EXISTS",
    "SESSION_NOT_FOUND",
    "GIT_NOT_INSTALLED",
    "GIT_COMMAND_FAILED",
  ],
  cli: {
    args: ["ref"],
    examples: [
      "worktree restore api",
      "worktree restore refs/claude-orch/backup/api/20261121T183352Z --to ../api-again",
    ],
  },
  async run(input, context) {
    const trees = await context.workTrees();
    const session = input.session === undefined ? undefined : await resolveSession(context, input.session);
    const sessions = session ? [session] : await visibleSessions(context);
    const rows = await rowsOf(context, sessions, session === undefined);
    const { snapshot, repository } = pick(input.ref, await knownSnapshots(context, sessions, rows));
    const owner = sessions.find(({ root }) => root === repository || root.startsWith(repository + sep));
    const path =
      input.to === undefined
        ? await besideOthers(context, snapshot, repository, owner)
        : resolve(context.caller.cwd, input.to);
    const { branch } = await trees.restore(repository, snapshot, path, context.signal);
    const row: Worktree = {
      id: context.ids.next("wtr"),
      sessionId: owner?.id ?? null,
      agentId: null,
      name: snapshot.name,
      kind: "worktree",
      repository,
      path,
      branch,
      ownsBranch: branch !== null,
      base: snapshot.head,
      copied: [],
      state: "ready",
      snapshot: snapshot.ref,
      trash: null,
      holder: null,
      createdAt: context.clock.now(),
    };
    await context.store.worktrees.insert(row);
    return {
      worktree: await toWorktreeView(context, row, owner),
      snapshot: toSnapshotView(snapshot, repository),
    };
  },
});

async function besideOthers(
  context: Context,
  snapshot: Snapshot,
  root: string,
  owner: Session | undefined,
): Promise<string> {
  const trees = await context.workTrees();
  const repository = await trees.repository(root, context.signal);
  const folder = worktreesFolder(context, owner ?? { name: "restored", root }, repository);
  if (!repository.isBare) await trees.hide(repository.root, hiddenFolder(folder, repository), context.signal);
  return firstFree(join(folder, `${refPart(snapshot.name)}-restored`), (one) => trees.isFree(one));
}

/** @throws SNAPSHOT_NOT_FOUND with near names, SNAPSHOT_AMBIGUOUS */
function pick(ref: string, known: readonly KnownSnapshot[]): KnownSnapshot {
  const exact = known.filter(({ snapshot }) => snapshot.ref === ref || snapshot.commit === ref);
  const found = exact.length > 0 ? exact : known.filter(({ snapshot }) => snapshot.ref.endsWith(`/${ref}`));
  if (found.length > 1) {
    const refs = found.map(({ snapshot, repository }) => `${snapshot.ref} in ${repository}`);
    throw new AppError("SNAPSHOT_AMBIGUOUS", `Several snapshots are called ${ref}: ${refs.join(", ")}`, {
      details: { refs },
    });
  }
  const newest = known.filter(({ snapshot }) => snapshot.name === ref).at(-1);
  const [only = newest] = found;
  if (only) return only;
  const near = nearNames(ref, [...new Set(known.map(({ snapshot }) => snapshot.name))]);
  throw new AppError("SNAPSHOT_NOT_FOUND", `There is no snapshot ${JSON.stringify(ref)}`, {
    ...(near.length > 0
      ? { hint: `Did you mean ${near.join(" or ")}? claude-orch worktree list shows them all.` }
      : {}),
    details: { ref, near },
  });
}
