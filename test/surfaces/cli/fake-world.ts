import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { type CliOptions, type CliResult, collect } from "../../e2e/support/world.ts";
import { ANY_MACHINE } from "../../support/any-machine.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const BIN = new URL("../../../bin/run.js", import.meta.url).pathname;

export interface RunOptions extends CliOptions {
  /** User and group to run as, where the tests' own user is root. */
  uid?: number;
}

export interface FakeWorld {
  root: string;
  /** CLAUDE_ORCH_HOME. */
  home: string;
  project: string;
  env: Record<string, string>;
  /** Runs the built command line on scripted agents, in the project folder. */
  cli(args: readonly string[], options?: RunOptions): Promise<CliResult>;
  start(args: readonly string[], options?: RunOptions): ChildProcess;
  dispose(): Promise<void>;
}

/** A machine of its own without Claude Code and tmux: the built command line and scripted agents. */
export async function openFakeWorld(): Promise<FakeWorld> {
  const { path: root, remove } = await temporaryDirectory("claude-orch-cli");
  const home = path.join(root, "orch");
  const project = path.join(root, "shop");
  await mkdir(home, { mode: 0o700 });
  await mkdir(project);
  const env = {
    PATH: path.join(root, "no-programs"),
    HOME: path.join(root, "user"),
    LANG: "C.UTF-8",
    CLAUDE_ORCH_HOME: home,
    CLAUDE_ORCH_BACKEND: "fake",
    ...ANY_MACHINE,
  };
  const children = new Set<ChildProcess>();
  const world: FakeWorld = {
    root,
    home,
    project,
    env,
    cli: (args, options) => collect(world.start(args, options), args),
    start(args, { input, env: extra = {}, cwd = project, uid } = {}) {
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd,
        env: { ...env, ...extra },
        ...(uid === undefined ? {} : { uid, gid: uid }),
      });
      children.add(child);
      child.once("exit", () => children.delete(child));
      child.stdin.on("error", () => undefined);
      child.stdin.end(input ?? "");
      return child;
    },
    async dispose() {
      for (const child of children) child.kill("SIGKILL");
      await remove();
    },
  };
  return world;
}
