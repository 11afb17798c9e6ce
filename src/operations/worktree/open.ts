import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Repository, WorkTrees } from "../../core/ports/work-trees.ts";
import type { Session } from "../../core/session.ts";
import { refPart, type Worktree } from "../../core/worktree.ts";
import type { Context } from "../context.ts";
import {
  defaultBranch,
  firstFree,
  hiddenFolder,
  isInWorktrees,
  listedPatterns,
  workspacesFolder,
  worktreesFolder,
} from "./places.ts";
import { settleWorktrees } from "./settle.ts";

export interface PlaceRequest {
  session: Session;
  /** Agent or task that it is for. */
  name: string;
  /** Default: `claude-orch/<session>/<name>`, with a number behind it where that is taken. One that exists is checked out. */
  branch?: string | undefined;
  /** Folder whose repository it is of, and whose counterpart in the worktree is worked in; default: the session's root. */
  folder?: string | undefined;
  /** The agent that works in it: its row then says so. */
  agentId?: string | undefined;
}

export interface OpenedWorktree {
  /** Hand this to closeWorktree. */
  id: string;
  path: string;
  branch: string;
  /** Where to work: `path`, or the counterpart of `folder` in it. */
  cwd: string;
}

/**
 * Makes a git worktree for an agent or a task. Its row stands before anything is made: what a crash leaves is finished or
 * cleaned at the next call. After a failure nothing is left.
 * @throws SESSION_ROOT_NOT_A_REPOSITORY, REPOSITORY_WITHOUT_COMMIT, BRANCH_NAME_INVALID, BRANCH_IN_USE, GIT_NOT_INSTALLED,
 * GIT_COMMAND_FAILED
 */
export async function openWorktree(context: Context, request: PlaceRequest): Promise<OpenedWorktree> {
  const trees = await context.workTrees();
  const from = await checkedRepository(context, request);
  // An agent's in a worktree of the same session begins at that one's commit, but lies beside it and outlives it.
  const isNested = isInWorktrees(request.session, from.root);
  const repository = isNested ? await trees.repository(request.session.root, context.signal) : from;
  const { head: start, prefix } = from;
  await settleWorktrees(context);
  const folder = worktreesFolder(context, request.session, repository);
  for (;;) {
    const row = await journal(context, trees, { ...repository, prefix }, folder, request);
    try {
      if (!repository.isBare) await trees.hide(repository.root, hiddenFolder(folder, repository), context.signal);
      const { head, copied } = await trees.create(
        {
          repository: repository.root,
          path: row.path,
          branch: row.branch,
          isNewBranch: row.ownsBranch,
          start,
          prefix,
          copy: listedPatterns(context),
        },
        context.signal,
      );
      await context.store.worktrees.update(row.id, { state: "ready", base: head, copied, holder: null });
      context.logger.info("worktree.opened", { worktreeId: row.id, agentId: row.agentId });
      return { id: row.id, path: row.path, branch: row.branch, cwd: join(row.path, prefix) };
    } catch (error) {
      await forget(context, row);
      // Somebody made a branch of that name in the meantime.
      if (error instanceof AppError && error.code === "BRANCH_TAKEN" && request.branch === undefined) continue;
      throw error;
    }
  }
}

/**
 * What can be said without making anything: is there a repository, has it a commit, is that a branch's name?
 * @throws SESSION_ROOT_NOT_A_REPOSITORY, REPOSITORY_WITHOUT_COMMIT, BRANCH_NAME_INVALID, GIT_NOT_INSTALLED
 */
export async function checkedRepository(
  context: Context,
  { session, folder, branch }: Pick<PlaceRequest, "session" | "folder" | "branch">,
): Promise<Repository> {
  const trees = await context.workTrees();
  const repository = await trees.repository(folder ?? session.root, context.signal);
  const isBranchThere = branch !== undefined && (await trees.hasBranch(repository.root, branch, context.signal));
  if (repository.head === null && !isBranchThere) {
    throw new AppError("REPOSITORY_WITHOUT_COMMIT", `The repository ${repository.root} has no commit yet`, {
      details: { repository: repository.root },
    });
  }
  return repository;
}

type BranchRow = Worktree & { branch: string };

/** Chooses path and branch and writes the row, together with the agent's: no two processes choose the same. */
async function journal(
  context: Context,
  trees: WorkTrees,
  repository: Repository,
  folder: string,
  request: PlaceRequest,
): Promise<BranchRow> {
  const { session, name, agentId = null } = request;
  const rows = await context.store.worktrees.list();
  const paths = new Set(rows.map((row) => row.path));
  const branches = new Set(rows.map((row) => (row.repository === repository.root ? row.branch : null)));
  const hasBranch = (branch: string) => trees.hasBranch(repository.root, branch, context.signal);
  const path = await firstFree(
    join(folder, refPart(name)),
    async (one) => !paths.has(one) && (await trees.isFree(one)),
  );
  const branch =
    request.branch ??
    (await firstFree(defaultBranch(session, name), async (one) => !branches.has(one) && !(await hasBranch(one))));
  const row: BranchRow = {
    ...newRow(context, request),
    kind: "worktree",
    repository: repository.root,
    path,
    branch,
    ownsBranch: request.branch === undefined || !(await hasBranch(request.branch)),
  };
  const known = new Set(rows.map(({ id }) => id));
  const isOurs = await context.store.transaction(async ({ worktrees, agents }) => {
    const since = (await worktrees.list()).filter(({ id }) => !known.has(id));
    if (since.some((one) => one.path === path || one.branch === branch)) return false;
    await worktrees.insert(row);
    if (agentId !== null) {
      await agents.update(agentId, { worktree: { id: row.id, path, branch }, cwd: join(path, repository.prefix) });
    }
    return true;
  });
  if (isOurs) return row;
  // Who asks for a branch by name gets git's own answer when somebody else was faster.
  return journal(context, trees, repository, folder, request);
}

function newRow(context: Context, { session, name, agentId }: PlaceRequest) {
  return {
    id: context.ids.next("wtr"),
    sessionId: session.id,
    agentId: agentId ?? null,
    name,
    base: null,
    copied: [],
    state: "creating" as const,
    snapshot: null,
    trash: null,
    holder: context.processes.self(),
    createdAt: context.clock.now(),
  };
}

async function forget(context: Context, row: Worktree): Promise<void> {
  await context.store.transaction(async ({ worktrees, agents }) => {
    await worktrees.remove(row.id);
    const agent = row.agentId === null ? undefined : await agents.get(row.agentId);
    if (agent) await agents.update(agent.id, { worktree: null });
  });
}

/**
 * Makes an empty folder for an agent or a task (0700), outside the codebase.
 * @throws WORKTREE_TARGET_EXISTS when somebody takes the place at the same moment
 */
export async function openDirectory(context: Context, request: PlaceRequest): Promise<{ id: string; cwd: string }> {
  const trees = await context.workTrees();
  const folder = workspacesFolder(context, request.session);
  const path = await firstFree(join(folder, refPart(request.name)), (one) => trees.isFree(one));
  const place = { kind: "directory", repository: null, path, branch: null, ownsBranch: false } as const;
  const row: Worktree = { ...newRow(context, request), ...place };
  await context.store.transaction(async ({ worktrees, agents }) => {
    await worktrees.insert(row);
    if (row.agentId !== null) await agents.update(row.agentId, { cwd: path });
  });
  try {
    await trees.createFolder(path);
  } catch (error) {
    await forget(context, row);
    throw error;
  }
  await context.store.worktrees.update(row.id, { state: "ready", holder: null });
  return { id: row.id, cwd: path };
}
