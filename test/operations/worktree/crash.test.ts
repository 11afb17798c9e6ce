import { spawn as startProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { agentDelete } from "../../../src/operations/agent/delete.ts";
import { agentList } from "../../../src/operations/agent/list.ts";
import { agentSpawn } from "../../../src/operations/agent/spawn.ts";
import { agentStart } from "../../../src/operations/agent/start.ts";
import { worktreeList } from "../../../src/operations/worktree/list.ts";
import { worktreeRestore } from "../../../src/operations/worktree/restore.ts";
import { bundleScript } from "../../support/bundle-script.ts";
import { type FakeWorld, openFakeWorld } from "../../support/fake-world.ts";
import { everything, git, gitProject, put } from "../../support/git-project.ts";

const PACKAGE = new URL("../../../", import.meta.url);
const ENV = { PATH: process.env.PATH ?? "", GIT_CONFIG_NOSYSTEM: "1" };

let world: FakeWorld;
let script: string;
beforeAll(async () => {
  world = await openFakeWorld(ENV);
  await gitProject(world.root, { "a.txt": "one\n", "b.txt": "two\n" });
  // The product finds its own package by its path: the driver gets the same surroundings.
  const folder = path.join(path.dirname(world.root), "crash-driver");
  await mkdir(path.join(folder, "dist"), { recursive: true });
  await copyFile(new URL("package.json", PACKAGE), path.join(folder, "package.json"));
  for (const room of ["roles", "protocols"])
    await symlink(new URL(`src/${room}`, PACKAGE).pathname, path.join(folder, "dist", room));
  script = await bundleScript(new URL("./crash-driver.ts", import.meta.url), path.join(folder, "dist"));
});
afterAll(() => world.dispose());

/** Calls the operation in a process that is killed around the git command that holds these words. */
async function crash(when: "before" | "after", words: string, operation: string, input: Record<string, unknown>) {
  const child = startProcess(process.execPath, [script, when, words, operation, JSON.stringify(input)], {
    cwd: world.root,
    env: { ...world.context.caller.env },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 15_000,
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(child.signalCode, `${operation} was not killed ${when} ${words}: ${errors}`).toBe("SIGKILL");
}

const worktrees = async () => (await world.call(worktreeList, {})).worktrees;
const folders = () => readdir(path.join(world.root, ".claude-orch", "worktrees", "team")).catch(() => []);

it.each([
  ["before", "worktree add"],
  ["after", "worktree add"],
] as const)("a worktree whose maker was killed %s git %s is made when its agent starts", async (when, words) => {
  await crash(when, words, "agent.spawn", { name: "api", worktree: true });
  expect((await worktrees()).map(({ state }) => state)).toEqual(["creating"]);

  const { agent } = await world.call(agentStart, { agent: "api" });

  expect(agent.state).toBe("idle");
  expect(await everything(agent.cwd)).toEqual({ "a.txt": "file one\n", "b.txt": "file two\n" });
  expect((await worktrees()).map(({ state, work }) => [state, work?.branch])).toEqual([
    ["ready", "claude-orch/team/api"],
  ]);
  expect((await world.call(agentDelete, { agent: "api" })).kept).toEqual([]);
  expect(await folders()).toEqual([]);
});

it("a half-made worktree of an agent that was deleted is cleaned when the next one is made; what somebody put in it is kept", async () => {
  await crash("after", "worktree add", "agent.spawn", { name: "half", worktree: true });
  const [half] = await worktrees();
  if (!half) return expect.unreachable();
  // As if git had been killed as well, in the middle of writing the files.
  await rm(path.join(world.root, ".git", "worktrees", "half", "index"));
  await rm(path.join(half.path, "b.txt"));
  await put(half.path, { "found it": "and used it" });

  await world.call(agentSpawn, { name: "next", worktree: true });

  expect((await worktrees()).map(({ name }) => name)).toEqual(["next"]);
  const { snapshots } = await world.call(worktreeList, {});
  expect(await git(world.root, "show", `${snapshots.at(-1)?.ref}:found it`)).toBe("and used it");
  await world.call(agentDelete, { agent: "half" });
  await world.call(agentDelete, { agent: "next" });
  expect(await folders()).toEqual([]);
});

it.each([
  ["before", "write-tree"],
  ["after", "commit-tree"],
  ["before", "update-ref --stdin"],
  ["after", "update-ref --stdin"],
  ["before", "worktree remove"],
  ["after", "worktree remove"],
  ["after", "branch --quiet -D"],
] as const)(
  "B9: after kill -9 %s git %s, agent delete --force ends what was begun, and nothing is lost",
  async (when, words) => {
    const { agent } = await world.call(agentSpawn, { name: "api", worktree: true });
    if (!agent) return expect.unreachable();
    await put(agent.cwd, { "a.txt": "staged\n" });
    await git(agent.cwd, "add", "a.txt");
    await put(agent.cwd, { "a.txt": "changed\n", new: "n" });
    const before = await everything(agent.cwd);

    await crash(when, words, "agent.delete", { agent: "api", force: true });
    if (existsSync(agent.cwd)) expect(await everything(agent.cwd)).toEqual(before);
    // The agent is still known: whoever looks sees that it is not done.
    expect((await world.call(agentList, {})).agents.map(({ name }) => name)).toEqual(["api"]);
    await world.call(agentDelete, { agent: "api", force: true });

    expect(await worktrees()).toEqual([]);
    expect(await folders()).toEqual([]);
    expect((await git(world.root, "branch", "--list", "claude-orch/*")).trim()).toBe("");
    const { worktree } = await world.call(worktreeRestore, { ref: "api", to: `../restored ${when} ${words}` });
    expect(await everything(worktree.path)).toEqual(before);
    await git(world.root, "worktree", "remove", "--force", worktree.path);
    await git(world.root, "branch", "--quiet", "-D", worktree.branch ?? "");
    await world.context.store.worktrees.remove(worktree.id);
  },
);
