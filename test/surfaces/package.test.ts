import { cp, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RawClient } from "../mcp/support/raw-client.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** What a fresh clone does not have. */
const NOT_CLONED = /^(?:node_modules|dist.*|coverage|\.git)$/;

interface Manifest {
  name: string;
  license: string;
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let clone: string;
let manifest: Manifest;

beforeAll(async () => {
  folder = await temporaryDirectory("claude-orch-package");
  clone = path.join(folder.path, "clone");
  await cp(ROOT, clone, { recursive: true, filter: (file) => !NOT_CLONED.test(path.relative(ROOT, file)) });
  manifest = JSON.parse(await readFile(path.join(clone, "package.json"), "utf8")) as Manifest;
});
afterAll(() => folder.remove());

/** Without a network, and without this user's configuration. */
function npm(...args: string[]) {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder.path,
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
  };
  return execa("npm", args, { cwd: clone, env, extendEnv: false });
}

async function filesUnder(room: string): Promise<string[]> {
  const entries = await readdir(path.join(clone, room), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(clone, path.join(entry.parentPath, entry.name)));
}

it("R2-38: a fresh clone's lock file is what npm ci takes, and its build runs", async () => {
  expect((await npm("ci", "--dry-run", "--ignore-scripts")).stdout).toMatch(/added \d+ packages/);

  await symlink(path.join(ROOT, "node_modules"), path.join(clone, "node_modules"));
  await npm("run", "build");

  const { stdout } = await execa(process.execPath, [path.join(clone, "bin/run.js"), "session", "list", "--json"], {
    env: { CLAUDE_ORCH_HOME: path.join(folder.path, "home of the clone") },
  });
  expect(JSON.parse(stdout)).toEqual({ sessions: [] });
}, 60_000);

it("R2-36, R2-39, R3-01: the package holds what it needs to run and nothing else, and is installed as claude-orch, under MIT", async () => {
  const { stdout } = await npm("pack", "--json", "--ignore-scripts", "--pack-destination", folder.path);
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];

  const asBuilt = (file: string) => file.replace(/^src/, "dist").replace(/\.ts$/, ".js");
  const read = ["roles", "protocols", "workflows", "demo/app"].map((room) => filesUnder(`src/${room}`));
  const compiled = ["commands", "cli/hooks"].map((room) => filesUnder(`src/${room}`));
  const sources = (await Promise.all([...read, ...compiled])).flat();
  const named = [
    ...["LICENSE", "README.md", "bin/run.js", "oclif.manifest.json", "package.json"],
    ...["dist/package.json", "dist/cli/main.js", "dist/cli/code-cache.js"],
  ];
  const [chunks, others] = [/^dist\/chunks\/[\w-]+-[A-Z0-9]{8}\.js$/, packed?.files.map((file) => file.path) ?? []];
  expect(others.filter((file) => !chunks.test(file)).sort()).toEqual([...named, ...sources.map(asBuilt)].sort());

  expect(manifest).toMatchObject({ name: "claude-orch", license: "MIT", bin: { "claude-orch": "bin/run.js" } });
  expect(await readFile(path.join(clone, "LICENSE"), "utf8")).toMatch(/^MIT License\n/);
  await install(path.join(folder.path, packed?.filename ?? ""));
  await expectItWorks();
}, 60_000);

const installed = () => path.join(folder.path, "app", "node_modules", ".bin", "claude-orch");

/** As npm does it, but with the dependencies that are here; what only the development needs is not among them. */
async function install(tarball: string): Promise<void> {
  const modules = path.join(folder.path, "app", "node_modules");
  await mkdir(path.join(modules, "claude-orch"), { recursive: true });
  await mkdir(path.join(modules, ".bin"));
  await execa("tar", ["-xzf", tarball, "--strip-components=1", "-C", path.join(modules, "claude-orch")]);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(path.join(ROOT, "node_modules", name), path.join(modules, name));
  }
  const program = path.join(modules, "claude-orch", manifest.bin["claude-orch"] ?? "");
  expect((await stat(program)).mode & 0o111).toBe(0o111);
  await symlink(program, installed());
}

async function expectItWorks(): Promise<void> {
  const project = path.join(folder.path, "app", "empty");
  await mkdir(project);
  const env = {
    PATH: path.dirname(process.execPath),
    HOME: project,
    CLAUDE_ORCH_HOME: path.join(folder.path, "home"),
    CLAUDE_ORCH_BACKEND: "fake",
  };
  const run = async (...args: string[]) =>
    (await execa(installed(), args, { cwd: project, env, extendEnv: false })).stdout;

  expect(await run("--version")).toMatch(/^claude-orch\//);
  await run("session", "create");
  // A setting, a role and a workflow: what is loaded from beside the code, when somebody asks for it.
  await run("config", "set", "maxAgents", "4");
  await run("agent", "spawn", "api", "--role", "reviewer");
  expect(await run("workflow", "show", "bug-fix")).toContain("bug-fix");
  expect(await run("agent", "send", "api", "hello", "--wait")).toBe("echo: hello");

  const client = new RawClient(installed(), ["mcp"], { env, cwd: project });
  expect((await client.initialise()).result).toMatchObject({ serverInfo: { name: "claude-orch" } });
  const called = await client.request("tools/call", { name: "agent_list", arguments: {} });
  expect(called.result).toMatchObject({
    structuredContent: { agents: [{ name: "api", role: "reviewer", state: "idle" }] },
  });
  client.child.stdin.end();
  expect(await client.exited).toMatchObject({ code: 0 });
}
