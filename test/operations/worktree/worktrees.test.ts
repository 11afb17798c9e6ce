import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AgentView } from "../../../src/core/agent.ts";
import { agentClear } from "../../../src/operations/agent/clear.ts";
import { agentDelete } from "../../../src/operations/agent/delete.ts";
import { agentList } from "../../../src/operations/agent/list.ts";
import { agentShow } from "../../../src/operations/agent/show.ts";
import { agentSpawn } from "../../../src/operations/agent/spawn.ts";
import { agentStart } from "../../../src/operations/agent/start.ts";
import { sessionCreate } from "../../../src/operations/session/create.ts";
import { sessionDelete } from "../../../src/operations/session/delete.ts";
import { sessionRestore } from "../../../src/operations/session/restore.ts";
import { closeWorktree } from "../../../src/operations/worktree/close.ts";
import { worktreeList } from "../../../src/operations/worktree/list.ts";
import { openWorktree } from "../../../src/operations/worktree/open.ts";
import { worktreeRestore } from "../../../src/operations/worktree/restore.ts";
import { codeOf } from "../../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../../support/fake-world.ts";
import { everything, git, gitProject, put } from "../../support/git-project.ts";

let world: FakeWorld;
beforeEach(async () => {
  world = await openFakeWorld({ PATH: process.env.PATH ?? "", GIT_CONFIG_NOSYSTEM: "1" });
  await gitProject(world.root, { "a.txt": "one\n", "packages/web/b.txt": "two\n", ".gitignore": ".env\n" });
});
afterEach(() => world.dispose());

async function spawn(input: Record<string, unknown>): Promise<AgentView> {
  const { agent } = await world.call(agentSpawn, { worktree: true, ...input });
  if (!agent) throw new Error("spawn returned no agent");
  return agent;
}

const status = (folder = world.root) => git(folder, "status", "--porcelain");
const branches = async () =>
  (await git(world.root, "for-each-ref", "--format=%(refname:short)", "refs/heads")).trim().split("\n");
const folderOf = (agent: AgentView) => agent.worktree?.path ?? expect.unreachable("it has a worktree");

it("R1-57 R4-09: agents in worktrees write the same file on branches of their own, and the main tree stays as it is", async () => {
  const { agents = [] } = await world.call(agentSpawn, { name: "w", count: 3, worktree: true });

  for (const agent of agents) await put(agent.cwd, { "a.txt": `of ${agent.name}\n`, "same-name": agent.name });

  expect(agents.map(({ worktree }) => worktree)).toEqual(
    [1, 2, 3].map((number) => ({
      path: path.join(world.root, ".claude-orch", "worktrees", "team", `w_${number}`),
      branch: `claude-orch/team/w_${number}`,
    })),
  );
  for (const agent of agents) expect(await everything(agent.cwd)).toMatchObject({ "same-name": `file ${agent.name}` });
  expect(await status()).toBe("");
  expect(await readFile(path.join(world.root, "a.txt"), "utf8")).toBe("one\n");
  const [shown] = (await world.call(agentList, {})).agents;
  expect(shown?.worktree).toEqual(agents[0]?.worktree);
  expect((await world.call(agentShow, { agent: "w_1" })).agent.worktree).toEqual(agents[0]?.worktree);
  const { worktrees } = await world.call(worktreeList, {});
  expect(worktrees.map(({ agent, work }) => [agent?.name, work?.changed, work?.untracked]).sort()).toEqual([
    ["w_1", 1, 1],
    ["w_2", 1, 1],
    ["w_3", 1, 1],
  ]);
});

it("B9: a worktree goes with its agent, and its branch with it, when nothing would be lost", async () => {
  await put(world.root, { ".env": "KEY=1\n" });
  const agent = await spawn({ name: "api" });
  expect(await readFile(path.join(agent.cwd, ".env"), "utf8")).toBe("KEY=1\n");

  const { kept } = await world.call(agentDelete, { agent: "api" });

  expect(kept).toEqual([]);
  expect(await branches()).toEqual(["main"]);
  expect(await world.call(worktreeList, {})).toEqual({ worktrees: [], snapshots: [] });
  expect(await everything(path.join(world.root, ".claude-orch"))).toEqual({});
});

it("R1-12, B9: without --force work stays where it is, named in kept, and the next agent of that name gets another place", async () => {
  const dirty = await spawn({ name: "api" });
  await put(dirty.cwd, { "a.txt": "mine\n" });
  const unmerged = await spawn({ name: "web" });
  await git(unmerged.cwd, "commit", "--quiet", "--allow-empty", "--message", "only here");

  expect((await world.call(agentDelete, { agent: "api" })).kept).toEqual([folderOf(dirty)]);
  expect((await world.call(agentDelete, { agent: "web" })).kept).toEqual([folderOf(unmerged)]);
  const next = await spawn({ name: "api" });

  expect(await readFile(path.join(dirty.cwd, "a.txt"), "utf8")).toBe("mine\n");
  expect(next.worktree).toEqual({ path: `${folderOf(dirty)}-2`, branch: "claude-orch/team/api-2" });
  const { worktrees } = await world.call(worktreeList, {});
  expect(worktrees.map(({ name, agent, work }) => [name, agent?.name, work?.changed, work?.unmerged])).toEqual([
    ["api", undefined, 1, 0],
    ["web", undefined, 0, 1],
    ["api", "api", 0, 0],
  ]);
});

it("B9: --force makes a snapshot first, kept names its ref, and worktree restore brings all of it back", async () => {
  const agent = await spawn({ name: "api" });
  await put(agent.cwd, { "a.txt": "staged\n", ".env": "SECRET=2\n" });
  await git(agent.cwd, "add", "a.txt");
  await put(agent.cwd, { "a.txt": "changed again\n", new: "n" });
  const [files, index] = [await everything(agent.cwd), await git(agent.cwd, "ls-files", "--stage")];

  const { kept } = await world.call(agentDelete, { agent: "api", force: true });
  const [ref = ""] = kept;
  expect(kept).toEqual([expect.stringMatching(/^refs\/claude-orch\/backup\/api\/\d{8}T\d{6}Z$/)]);
  expect(await branches()).toEqual(["main"]);
  const { snapshots, worktrees } = await world.call(worktreeList, {});
  expect(worktrees).toEqual([]);
  expect(snapshots).toMatchObject([{ ref, name: "api", work: { staged: 1, changed: 1, untracked: 1, listed: 1 } }]);

  const restored = await world.call(worktreeRestore, { ref: "api" });
  const elsewhere = await world.call(worktreeRestore, { ref, to: "../else where" });

  expect(restored.worktree).toMatchObject({ branch: "claude-orch/team/api", path: `${folderOf(agent)}-restored` });
  expect(elsewhere.worktree).toMatchObject({ branch: "claude-orch/team/api-restored", agent: null });
  for (const { worktree } of [restored, elsewhere]) {
    expect(await everything(worktree.path)).toEqual(files);
    expect(await git(worktree.path, "ls-files", "--stage")).toBe(index);
  }
  expect(await status()).toBe("");
  expect(await codeOf(world.call(worktreeRestore, { ref, to: "../else where" }))).toBe("WORKTREE_TARGET_EXISTS");
  expect(await codeOf(world.call(worktreeRestore, { ref: "nobody" }))).toBe("SNAPSHOT_NOT_FOUND");
});

it("B9: agent delete --keep-worktree leaves even a clean one, with --force too", async () => {
  const agent = await spawn({ name: "api" });

  const { kept } = await world.call(agentDelete, { agent: "api", keepWorktree: true, force: true });

  expect(kept).toEqual([folderOf(agent)]);
  expect(await everything(agent.cwd)).toHaveProperty("a.txt");
});

it("B9: session delete keeps what holds work; forced, it makes a snapshot of each, tasks' too", async () => {
  const dirty = await spawn({ name: "dirty" });
  await spawn({ name: "clean" });
  await put(dirty.cwd, { new: "n" });
  const session = (await world.context.store.sessions.findByName("team")) ?? expect.unreachable();
  const task = await openWorktree(world.context, { session, name: "TASK_1: the thing" });
  await put(task.cwd, { result: "r" });
  expect(task).toMatchObject({ branch: "claude-orch/team/TASK_1-the-thing" });

  expect((await world.call(sessionDelete, { session: "team" })).kept).toEqual([folderOf(dirty), task.path]);
  const { worktrees } = await world.call(worktreeList, {});
  expect(worktrees.map(({ name, session: of }) => [name, of])).toEqual([
    ["dirty", null],
    ["TASK_1: the thing", null],
  ]);
  for (const { id } of worktrees) {
    expect(await closeWorktree(world.context, id, { isForced: true })).toEqual([expect.stringMatching(/backup/)]);
  }
  // No session is of this repository any more; the caller still stands in it.
  expect((await world.call(worktreeList, {})).snapshots.map(({ name }) => name)).toEqual([
    "dirty",
    "TASK_1: the thing",
  ]);
});

it("R4-09 R4-38: with the setting isolation, agents get empty directories of their own, which stay when something is in them", async () => {
  const settings = { ...world.context.settings, isolation: "directory" as const };
  const { agents = [] } = await world.call(agentSpawn, { name: "d", count: 2 }, { settings });
  const [first, second] = agents.map(({ cwd }) => cwd);
  if (!first || !second) return expect.unreachable();
  expect([first, second]).toEqual(
    ["d_1", "d_2"].map((name) => path.join(world.context.home, "workspaces", "team", name)),
  );
  await put(first, { "same-name": "1" });

  expect((await world.call(agentDelete, { agent: "d_1", force: true })).kept).toEqual([first]);
  expect((await world.call(agentDelete, { agent: "d_2" })).kept).toEqual([]);
  expect(await readFile(path.join(first, "same-name"), "utf8")).toBe("1");
  const again = await world.call(agentSpawn, { name: "d_1", isolation: "directory" });
  expect(again.agent).toMatchObject({ cwd: `${first}-2` });
  expect(again.agent).not.toHaveProperty("worktree");
});

it("R4-38: what contradicts itself, or cannot be made, is refused before a name is taken", async () => {
  const refused = async (input: Record<string, unknown>) => codeOf(world.call(agentSpawn, { name: "x", ...input }));
  expect(await refused({ worktree: true, isolation: "none" })).toBe("INVALID_INPUT");
  expect(await refused({ branch: "b" })).toBe("INVALID_INPUT");
  expect(await refused({ isolation: "directory", cwd: "." })).toBe("INVALID_INPUT");
  expect(await refused({ worktree: true, branch: "a..b" })).toBe("BRANCH_NAME_INVALID");
  expect(await refused({ worktree: true, branch: "main" })).toBe("BRANCH_IN_USE");
  expect(await refused({ worktree: true, cwd: path.dirname(world.root) })).toBe("SESSION_ROOT_NOT_A_REPOSITORY");
  await rm(path.join(world.root, ".git"), { recursive: true });
  expect(await refused({ worktree: true })).toBe("SESSION_ROOT_NOT_A_REPOSITORY");
  await git(world.root, "init", "--quiet");
  expect(await refused({ worktree: true })).toBe("REPOSITORY_WITHOUT_COMMIT");
  expect((await world.call(agentList, {})).agents).toEqual([]);
  expect(await world.context.store.worktrees.list()).toEqual([]);
});

it("a branch that exists is checked out, and stays when the worktree goes", async () => {
  await git(world.root, "branch", "feature/ünï");

  const agent = await spawn({ name: "api", branch: "feature/ünï" });

  expect(await git(agent.cwd, "branch", "--show-current")).toBe("feature/ünï\n");
  await world.call(agentDelete, { agent: "api" });
  expect(await branches()).toEqual(["feature/ünï", "main"]);
});

it("works in the counterpart of the folder asked for, and for a session in a part of the repository", async () => {
  const agent = await spawn({ name: "web", cwd: "packages/web" });
  expect(path.relative(folderOf(agent), agent.cwd)).toBe("packages/web");

  await world.call(sessionCreate, { root: "packages/web", name: "part" });
  const inPart = await spawn({ name: "in-part", session: "part" });

  expect(inPart.cwd).toBe(path.join(world.root, "packages/web/.claude-orch/worktrees/part/in-part/packages/web"));
  expect(await status()).toBe("");
});

it("an agent's worktree begun in another one's begins at its commit, and outlives it", async () => {
  const parent = await spawn({ name: "lead" });
  await put(parent.cwd, { "of-lead": "x" });
  await git(parent.cwd, "add", "--all");
  await git(parent.cwd, "commit", "--quiet", "--message", "of lead");

  const child = await spawn({ name: "helper", cwd: parent.cwd });

  expect(path.dirname(folderOf(child))).toBe(path.dirname(folderOf(parent)));
  expect(await everything(child.cwd)).toHaveProperty("of-lead");
  expect((await world.call(agentDelete, { agent: "lead" })).kept).toEqual([]);
  expect((await world.call(agentDelete, { agent: "helper" })).kept).toEqual([folderOf(child)]);
});

it("B9: a worktree removed by hand is made again when its agent starts, and what was staged in it is in a snapshot", async () => {
  const agent = await spawn({ name: "api" });
  await git(agent.cwd, "commit", "--quiet", "--allow-empty", "--message", "committed");
  await put(agent.cwd, { "a.txt": "staged\n" });
  await git(agent.cwd, "add", "a.txt");
  await world.call(agentClear, { agent: "api" });
  await rm(agent.cwd, { recursive: true });

  await world.call(agentStart, { agent: "api" });

  expect(await git(agent.cwd, "log", "-1", "--format=%s")).toBe("committed\n");
  expect(await git(agent.cwd, "branch", "--show-current")).toBe("claude-orch/team/api\n");
  const [snapshot] = (await world.call(worktreeList, {})).snapshots;
  expect(await git(world.root, "show", `${snapshot?.ref}:a.txt`)).toBe("staged\n");
});

it("B9: session restore makes it again, too, and two who delete at once lose nothing", async () => {
  const agent = await spawn({ name: "api" });
  const backend = await world.context.backend("fake");
  const { terminal } = (await world.context.store.agents.get(agent.id)) ?? expect.unreachable();
  if (terminal) await backend.close(terminal);
  await rm(agent.cwd, { recursive: true });

  const restored = await world.call(sessionRestore, {});
  expect(restored.agents).toMatchObject([{ name: "api", outcome: expect.stringMatching(/resumed|reopened/) }]);
  await put(agent.cwd, { new: "n" });

  const both = await Promise.allSettled([1, 2].map(() => world.call(agentDelete, { agent: agent.id, force: true })));
  const kept = both.flatMap((one) => (one.status === "fulfilled" ? one.value.kept : []));
  expect(kept.filter((one) => one.startsWith("refs/")).length).toBeGreaterThanOrEqual(1);
  const { worktree } = await world.call(worktreeRestore, { ref: "api" });
  expect(await everything(worktree.path)).toHaveProperty("new");
});

it("a bare repository has its worktrees in the workspaces folder", async () => {
  await git(world.root, "clone", "--quiet", "--bare", world.root, "../bare.git");
  await world.call(sessionCreate, { root: "../bare.git", name: "bare" });

  const agent = await spawn({ name: "api", session: "bare" });
  await put(agent.cwd, { new: "n" });
  const { kept } = await world.call(agentDelete, { agent: agent.id, force: true });

  expect(agent.cwd).toBe(path.join(world.context.home, "workspaces", "bare", "worktrees", "api"));
  expect(kept).toEqual([expect.stringContaining("refs/claude-orch/backup/api/")]);
  const { worktree } = await world.call(worktreeRestore, { ref: kept[0] ?? "", to: "../restored" });
  expect(await everything(worktree.path)).toHaveProperty("new");
});

it("without git, a worktree is refused, a directory is not", async () => {
  const bin = path.join(path.dirname(world.root), "bin");
  await mkdir(bin);
  await put(bin, { node: "#!/bin/sh\n" });
  await chmod(path.join(bin, "node"), 0o755);
  const { GitWorkTrees } = await import("../../../src/platform/git/git-work-trees.ts");
  const { processes, home, clock } = world.context;
  const workTrees = async () => new GitWorkTrees({ processes, env: { PATH: bin }, home, clock });

  expect(await codeOf(world.call(agentSpawn, { name: "x", worktree: true }, { workTrees }))).toBe("GIT_NOT_INSTALLED");
  const { agent } = await world.call(agentSpawn, { name: "x", isolation: "directory" }, { workTrees });
  expect(agent?.state).toBe("idle");
});
