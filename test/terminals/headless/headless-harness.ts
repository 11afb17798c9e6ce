import { readFileSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { ProcessIdentity } from "../../../src/core/ports/process-runner.ts";
import type { OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { HeadlessBackend } from "../../../src/terminals/headless/backend.ts";
import { type HeadlessFiles, headlessFiles } from "../../../src/terminals/headless/files.ts";
import type { HeadlessOptions } from "../../../src/terminals/headless/options.ts";
import type { BackendHarness } from "../../contract/terminal-backend.contract.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const RECORDER = fileURLToPath(new URL("./recorder.js", import.meta.url));

export interface HeadlessHarness extends BackendHarness {
  backend: HeadlessBackend;
  options: HeadlessOptions;
  home: string;
  /** Folder of the program with this tag. */
  folder(tag: string): string;
  files(ref: TerminalRef): HeadlessFiles;
  holder(ref: TerminalRef): ProcessIdentity;
}

/** Real processes in a home of their own, with a program that records what it receives. */
export async function makeHeadlessHarness(changes: Partial<HeadlessOptions> = {}): Promise<HeadlessHarness> {
  const home = await temporaryDirectory("claude-orch headless '$(x)'");
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  const processes = new SystemProcesses();
  const searchPath = process.env.PATH ?? "";
  const options: HeadlessOptions = {
    home: home.path,
    clock,
    ids,
    processes,
    searchPath,
    platform: process.platform,
    timeoutMs: 10_000,
    ...changes,
  };
  const folder = (tag: string) => join(home.path, "agents", tag);
  const files = (ref: TerminalRef) => headlessFiles(home.path, ref.tag);
  const received = (ref: TerminalRef) => readFileSync(join(folder(ref.tag), "received"), "utf8");
  const backend = new HeadlessBackend(options);

  const killAll = async () => {
    for (const tag of await readdir(join(home.path, "headless")).catch(() => [])) {
      const text = await readFile(headlessFiles(home.path, tag).holder, "utf8").catch(() => undefined);
      const holder = text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
      if (!holder || !processes.isAlive(holder)) continue;
      const pid = Number(readFileSync(headlessFiles(home.path, tag).pid, "utf8"));
      processes.kill(holder.pid, "SIGKILL", { group: true });
      // The program, with more threads to end, outlives its holder by some milliseconds.
      await vi.waitFor(
        () => expect([holder, { pid, startedAt: "" }].some((one) => processes.isAlive(one))).toBe(false),
        { timeout: 5_000, interval: 5 },
      );
    }
  };

  return {
    backend,
    another: () => new HeadlessBackend(options),
    options,
    home: home.path,
    folder,
    files,
    holder: (ref) => JSON.parse(readFileSync(files(ref).holder, "utf8")) as ProcessIdentity,
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
    typed: async (ref) => received(ref),
    async end(ref, exitCode) {
      await writeFile(join(folder(ref.tag), "exit-code"), String(exitCode));
      await backend.input(ref, [{ kind: "text", text: "\u0004", isBracketed: false }]);
    },
    stopServer: killAll,
    async dispose() {
      await killAll();
      await home.remove();
    },
  };
}
