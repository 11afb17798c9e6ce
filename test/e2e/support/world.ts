import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { ReplyHandler } from "../../../src/claude/scripted-model/scripted-model.ts";
import { type ScriptedModel, startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { ANY_MACHINE } from "../../support/any-machine.ts";
import { type ClaudeSandbox, type ClaudeVersion, claudeSandbox } from "../../support/claude-sandbox.ts";
import { iterm2Person, type Person, tmuxPerson } from "./person.ts";

const BIN = new URL("../../../bin/run.js", import.meta.url).pathname;

export interface CliResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout as JSON; fails the test when it is not exactly one document. */
  json<T = Record<string, unknown>>(): T;
}

export interface World {
  sandbox: ClaudeSandbox;
  model: ScriptedModel;
  /** CLAUDE_ORCH_HOME. */
  home: string;
  env: Record<string, string>;
  socket: string;
  /** Runs the built command line to its end, in the project folder. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Starts it and leaves it running. */
  start(args: readonly string[], options?: CliOptions): ChildProcess;
  tmux(...args: string[]): Promise<string>;
  /** Somebody in front of the terminals. */
  person: Person;
  dispose(): Promise<void>;
}

export interface WorldOptions {
  reply?: ReplyHandler;
  /** Where agents live when nothing else is said: real tmux (the default), or a fake iTerm2 with real programs in it. */
  backend?: "tmux" | "iterm2 3.6" | "iterm2 3.7";
}

export interface CliOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  cwd?: string;
}

/** A machine of its own: real Claude Code, real tmux, a scripted model, the built claude-orch, all in one folder. */
export async function openWorld(
  claude: ClaudeVersion,
  { backend = "tmux", ...options }: WorldOptions = {},
): Promise<World> {
  const model = await startScriptedModel({ clock: new SystemClock(), ...options });
  const sandbox = await claudeSandbox(claude, model.url);
  const home = path.join(sandbox.root, "orch");
  await mkdir(home, { mode: 0o700 });
  const socket = `orch-test-${randomBytes(6).toString("hex")}`;
  const env = {
    ...sandbox.env,
    CLAUDE_ORCH_HOME: home,
    CLAUDE_ORCH_CLAUDE_BIN: claude.bin,
    CLAUDE_ORCH_TMUX_SOCKET: socket,
    ...ANY_MACHINE,
  };
  const run = promisify(execFile);
  const children = new Set<ChildProcess>();
  const person =
    backend === "tmux"
      ? tmuxPerson((...args) => world.tmux(...args))
      : await iterm2Person(sandbox.home, backend === "iterm2 3.6" ? "3.6" : "3.7");

  const world: World = {
    sandbox,
    model,
    home,
    env,
    socket,
    cli: async (args, cliOptions = {}) => collect(world.start(args, cliOptions), args),
    start(args, { input, env: extra = {}, cwd = sandbox.project } = {}) {
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd,
        env: { ...env, ...person.env(), ...extra },
        stdio: ["pipe", "pipe", "pipe"],
      });
      children.add(child);
      child.once("exit", () => children.delete(child));
      child.stdin.on("error", () => undefined);
      child.stdin.end(input ?? "");
      return child;
    },
    async tmux(...args) {
      const { stdout } = await run("tmux", ["-L", socket, ...args], { env: sandbox.env });
      return stdout;
    },
    person,
    async dispose() {
      for (const child of children) child.kill("SIGKILL");
      await person.leave();
      await run("tmux", ["-L", socket, "kill-server"], { env: sandbox.env }).catch(() => undefined);
      await model.close();
      await ended(sandbox);
      await sandbox.dispose();
    },
  };
  return world;
}

/** Claude Code needs some 100 ms to end after its terminal is gone. */
async function ended(sandbox: ClaudeSandbox): Promise<void> {
  const { processesOf } = await import("../../support/claude-sandbox.ts");
  const { waitFor } = await import("../../support/wait-for.ts");
  await waitFor(
    "all processes to end",
    async () => ((await processesOf(sandbox.root)).length === 0 ? true : undefined),
    {
      timeoutMs: 10_000,
      everyMs: 50,
    },
  ).catch(() => undefined);
}

export async function collect(child: ChildProcess, args: readonly string[] = []): Promise<CliResult> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal === null ? -1 : 128)));
  });
  const stdout = Buffer.concat(out).toString();
  const stderr = Buffer.concat(err).toString();
  return {
    exitCode,
    stdout,
    stderr,
    json() {
      try {
        return JSON.parse(stdout);
      } catch (cause) {
        throw new Error(
          `claude-orch ${args.join(" ")} printed no JSON document (exit ${exitCode}):\n${stdout}\n${stderr}`,
          { cause },
        );
      }
    },
  };
}
