import { readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { TmuxBackend } from "../../../src/terminals/tmux/backend.ts";
import type { TmuxOptions } from "../../../src/terminals/tmux/options.ts";
import type { BackendHarness } from "../../contract/terminal-backend.contract.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const RECORDER = fileURLToPath(new URL("./recorder.js", import.meta.url));

export interface TmuxHarness extends BackendHarness {
  backend: TmuxBackend;
  socket: string;
  home: string;
  options: TmuxOptions;
  /** Runs tmux on the harness's own server, as a person would. */
  tmux(...args: string[]): Promise<string>;
  /** Folder of the program with this tag. */
  folder(tag: string): string;
  /** Everything the program received, byte for byte. */
  received(ref: TerminalRef): Buffer;
}

/** Real tmux on a socket of its own, with a program that records what it receives and asks for bracketed paste. */
export async function makeTmuxHarness(changes: Partial<TmuxOptions> = {}): Promise<TmuxHarness> {
  const home = await temporaryDirectory("claude-orch tmux '$(x)'");
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  const processes = new SystemProcesses();
  const socket = `claude-orch-test-${ids.random(6).toString("hex")}`;
  const env = { PATH: process.env.PATH ?? "", HOME: home.path, LANG: "C.UTF-8", TMUX_TMPDIR: home.path };
  const options: TmuxOptions = { processes, clock, ids, env, socket, timeoutMs: 10_000, ...changes };
  const folder = (tag: string) => join(home.path, "agents", tag);
  const received = (ref: TerminalRef) => readFileSync(join(folder(ref.tag), "received"));

  const tmux = async (...args: string[]) =>
    (await processes.run("tmux", ["-u", "-L", socket, ...args], { env })).stdout;

  return {
    backend: new TmuxBackend(options),
    another: () => new TmuxBackend(options),
    socket,
    home: home.path,
    options,
    tmux,
    folder,
    received,
    async request(changed = {}): Promise<OpenRequest> {
      const tag = ids.next("nce");
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
      await tmux("send-keys", "-t", ref.id, "C-d");
    },
    async stopServer() {
      await tmux("kill-server");
    },
    async dispose() {
      await tmux("kill-server");
      await home.remove();
    },
  };
}

/** What the program asked for frames a paste; the Home key is recorded as well. */
function unframed(text: string): string {
  return text.replaceAll("\u001b[200~", "").replaceAll("\u001b[201~", "").replaceAll("\u001b[1~", "");
}
