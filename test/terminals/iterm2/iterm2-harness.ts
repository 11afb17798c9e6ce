import { readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import { silentLogger } from "../../../src/core/ports/logger.ts";
import type { OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { Iterm2Backend } from "../../../src/terminals/iterm2/backend.ts";
import type { Iterm2Options } from "../../../src/terminals/iterm2/options.ts";
import type { BackendHarness } from "../../contract/terminal-backend.contract.ts";
import { type Iterm2Server, type Iterm2ServerOptions, startIterm2Server } from "../../support/iterm2-server/server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const RECORDER = fileURLToPath(new URL("../tmux/recorder.js", import.meta.url));

export interface Iterm2Harness extends BackendHarness {
  backend: Iterm2Backend;
  server: Iterm2Server;
  home: string;
  options: Iterm2Options;
  another(): Iterm2Backend;
  /** Folder of the program with this tag. */
  folder(tag: string): string;
  /** Everything the program received, byte for byte. */
  received(ref: TerminalRef): Buffer;
  /** Environment, working directory and pid of the program, once it runs. */
  started(ref: TerminalRef): { cwd: string; env: Record<string, string>; pid: number };
}

export interface HarnessOptions {
  server?: Iterm2ServerOptions;
  options?: Partial<Iterm2Options>;
}

/**
 * The fake iTerm2 with real programs on ptys, and a home folder whose name holds all that iTerm2 would evaluate in a
 * command. Its programs record what they receive and ask for bracketed paste.
 */
export async function makeIterm2Harness({
  server: wanted,
  options: changes,
}: HarnessOptions = {}): Promise<Iterm2Harness> {
  const server = await startIterm2Server(wanted);
  const home = await temporaryDirectory("claude-orch Application Support '\"$(x) $$y$$ \\(z)-");
  const processes = new SystemProcesses();
  const options: Iterm2Options = {
    home: home.path,
    clock: new SystemClock(),
    ids: new SystemIds(new SystemClock()),
    // The machine's own, but for osascript.
    processes: withOsascript(processes, server),
    logger: silentLogger,
    socketPath: server.socketPath,
    platform: "darwin",
    applications: ["/nowhere"],
    timeoutMs: 10_000,
    ...changes,
  };
  const made: Iterm2Backend[] = [];
  const another = () => {
    const backend = new Iterm2Backend(options);
    made.push(backend);
    return backend;
  };
  const folder = (tag: string) => join(home.path, "agents", tag);
  const received = (ref: TerminalRef) => readFileSync(join(folder(ref.tag), "received"));

  return {
    backend: another(),
    another,
    server,
    home: home.path,
    options,
    folder,
    received,
    started: (ref) => JSON.parse(readFileSync(join(folder(ref.tag), "started.json"), "utf8")),
    async request(changed = {}): Promise<OpenRequest> {
      const tag = options.ids.next("nce");
      const launcher = join(folder(tag), `launch-${tag}`);
      await mkdir(dirname(launcher), { recursive: true });
      await writeFile(launcher, `#!/bin/sh\nexec "${process.execPath}" "${RECORDER}" "\${0%/*}"\n`);
      await chmod(launcher, 0o700);
      const group = { id: "ses_0000000001", name: "team.one" };
      return { launcher, cwd: home.path, title: `Agent ${tag.slice(-4)}`, layout: "tab", tag, group, ...changed };
    },
    ready: (ref) => vi.waitFor(() => expect(received(ref).length).toBe(0), { timeout: 10_000, interval: 10 }),
    typed: async (ref) => unframed(received(ref).toString("utf8")),
    async end(ref, exitCode) {
      await writeFile(join(folder(ref.tag), "exit-code"), String(exitCode));
      server.model.session(ref.id)?.program.write(Buffer.from("\u0004"));
    },
    // The machine was restarted, and iTerm2 comes back without its windows.
    async stopServer() {
      await server.stop();
      for (const { program } of server.model.sessions) {
        await program.destroy();
        // A killed process takes a moment to be gone.
        await vi.waitFor(() => expect(processes.identify(program.pid ?? 0)).toBeUndefined(), { interval: 2 });
      }
      server.model.windows.splice(0);
      await server.start();
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

function withOsascript(processes: SystemProcesses, server: Iterm2Server): SystemProcesses {
  const run: SystemProcesses["run"] = (file, args, options) =>
    file === "/usr/bin/osascript" ? server.osascript.run(file, args, options) : processes.run(file, args, options);
  return new Proxy(processes, {
    get(target, name) {
      if (name === "run") return run;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The frame of a paste and the Home key are recorded as well. */
function unframed(text: string): string {
  return text.replaceAll("\u001b[200~", "").replaceAll("\u001b[201~", "").replaceAll("\u001b[1~", "");
}
