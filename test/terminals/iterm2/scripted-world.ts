import { existsSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { LogFields, Logger } from "../../../src/core/ports/logger.ts";
import type { ProcessRunner } from "../../../src/core/ports/process-runner.ts";
import type { OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { Iterm2Backend } from "../../../src/terminals/iterm2/backend.ts";
import type { Iterm2Options } from "../../../src/terminals/iterm2/options.ts";
import type { Launch } from "../../support/iterm2-server/programs/program.ts";
import { ScriptedProgram } from "../../support/iterm2-server/programs/scripted-program.ts";
import { type Iterm2Server, type Iterm2ServerOptions, startIterm2Server } from "../../support/iterm2-server/server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** An agent and its holder in one: keeps the holder's files as the script does, and takes whatever is typed. */
export class ScriptedAgent extends ScriptedProgram {
  readonly jobName = "agent";
  readonly tag: string;
  input = "";
  isAlive = false;
  readonly #folder: string;
  readonly #session: string;

  constructor(launch: Launch, pid: number) {
    super();
    this.#folder = dirname(launch.argv[0] ?? "");
    this.tag = this.#folder.slice(this.#folder.lastIndexOf("/") + 1);
    this.#session = launch.sessionId;
    this.#pid = pid;
  }
  readonly #pid: number;

  protected override started(): void {
    this.pid = this.#pid;
    // No script, or one that was used already: what the real one does.
    if (!existsSync(`${this.#folder}/run`) || existsSync(`${this.#folder}/holder`)) {
      super.exit();
      return;
    }
    this.isAlive = true;
    writeFileSync(`${this.#folder}/pid`, `${this.#pid}\n`);
    writeFileSync(`${this.#folder}/holder`, `${this.#pid} w0t0p0:${this.#session}\n`);
    this.print("agent is ready");
  }

  protected received(data: Buffer): void {
    this.input += data.toString("utf8");
  }

  end(code: number): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    if (existsSync(this.#folder)) writeFileSync(`${this.#folder}/exit`, `${code}\n`);
    super.exit();
  }

  override exit(): void {
    this.end(129);
    super.exit();
  }
}

/** A person's own shell: nothing that we type may ever get here. */
class Shell extends ScriptedProgram {
  readonly jobName = "sh";
  input = "";

  protected received(data: Buffer): void {
    this.input += data.toString("utf8");
  }
}

export interface ScriptedWorld {
  server: Iterm2Server;
  backend: Iterm2Backend;
  options: Iterm2Options;
  home: string;
  agents: ScriptedAgent[];
  /** The person's own shells. */
  shells: Shell[];
  /** Everything that was logged. */
  log: string[];
  alive(tag: string): ScriptedAgent[];
  another(changes?: Partial<Iterm2Options>): Iterm2Backend;
  request(changes?: Partial<OpenRequest>): OpenRequest;
  dispose(): Promise<void>;
}

/** The fake iTerm2 without a single real process: fast, and everything that happens is the test's doing. */
export async function scriptedWorld(wanted: Iterm2ServerOptions = {}, timeoutMs = 200): Promise<ScriptedWorld> {
  const agents: ScriptedAgent[] = [];
  const shells: Shell[] = [];
  const shell = () => {
    const program = new Shell();
    shells.push(program);
    return program;
  };
  const server = await startIterm2Server({
    ...wanted,
    program(launch) {
      if (launch.argv.length === 0) return shell();
      const agent = new ScriptedAgent(launch, FIRST_AGENT + agents.length);
      agents.push(agent);
      return agent;
    },
  });
  const home = await temporaryDirectory("claude-orch-scripted");
  await mkdir(home.path, { recursive: true });
  const log: string[] = [];
  const clock = new SystemClock();
  const options: Iterm2Options = {
    home: home.path,
    clock,
    ids: new SystemIds(clock),
    processes: processesOf(server, agents),
    logger: logInto(log),
    socketPath: server.socketPath,
    platform: "darwin",
    applications: ["/nowhere"],
    timeoutMs,
  };
  const made: Iterm2Backend[] = [];
  const another = (changes: Partial<Iterm2Options> = {}) => {
    const backend = new Iterm2Backend({ ...options, ...changes });
    made.push(backend);
    return backend;
  };
  return {
    server,
    backend: another(),
    options,
    home: home.path,
    agents,
    shells,
    log,
    alive: (tag) => agents.filter((agent) => agent.tag === tag && agent.isAlive),
    another,
    request(changes = {}) {
      const tag = options.ids.next("nce");
      const group = { id: "ses_1", name: "team" };
      return { launcher: "/nowhere/launcher", cwd: home.path, title: tag, layout: "tab", tag, group, ...changes };
    },
    async dispose() {
      await Promise.all(made.map((backend) => backend.disconnect()));
      try {
        await server.dispose();
      } finally {
        await home.remove();
      }
    },
  };
}

/** Apart from the pids of real processes, and from the one that all scripted programs share. */
const FIRST_AGENT = 0x6000_0000;

function processesOf(server: Iterm2Server, agents: readonly ScriptedAgent[]): ProcessRunner {
  const real = new SystemProcesses();
  const agentOf = (pid: number) => agents[pid - FIRST_AGENT];
  const identify = (pid: number) => (agentOf(pid)?.isAlive ? { pid, startedAt: `${pid}` } : undefined);
  return {
    run: (file, args, options) => server.osascript.run(file, args, options),
    detach: () => Promise.reject(new Error("Nothing is detached here")),
    which: async () => undefined,
    self: () => real.self(),
    isAlive: (identity) => (agentOf(identity.pid) ? identify(identity.pid) !== undefined : real.isAlive(identity)),
    identify,
    parentOf: () => undefined,
    kill(pid) {
      const agent = agentOf(pid);
      agent?.end(143);
      return agent !== undefined;
    },
  };
}

function logInto(log: string[]): Logger {
  const say = (event: string, fields: LogFields = {}) => void log.push(`${event} ${JSON.stringify(fields)}`);
  return { debug: say, info: say, warn: say, error: say };
}
