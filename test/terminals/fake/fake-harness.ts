import { mkdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { Ids } from "../../../src/core/ports/ids.ts";
import type { Key, OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { FakeBackend } from "../../../src/terminals/fake/backend.ts";
import type { FakeOptions } from "../../../src/terminals/fake/options.ts";
import type { FakeState } from "../../../src/terminals/fake/state.ts";
import type { BackendHarness } from "../../contract/terminal-backend.contract.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

export interface FakeHarness extends BackendHarness {
  backend: FakeBackend;
  options: FakeOptions;
  configDir: string;
  /** Like `request`, with fields of launch.json to change, and the agent's environment file. */
  requestWith(launch: Record<string, unknown>, environment?: string): Promise<OpenRequest>;
  send(ref: TerminalRef, text: string, ...keys: Key[]): Promise<void>;
  state(ref: TerminalRef): Promise<FakeState>;
  events(ref: TerminalRef): Promise<Record<string, unknown>[]>;
  transcript(ref: TerminalRef): Promise<Record<string, unknown>[]>;
  session(ref: TerminalRef): Promise<Record<string, unknown> | undefined>;
}

export async function makeFakeHarness(changes: { clock?: Clock; ids?: Ids } = {}): Promise<FakeHarness> {
  const directory = await temporaryDirectory();
  const home = join(directory.path, "home");
  const configDir = join(directory.path, "config");
  const cwd = join(directory.path, "app");
  mkdirSync(cwd);
  const clock = changes.clock ?? new SystemClock();
  const ids = changes.ids ?? new SystemIds(clock);
  const options: FakeOptions = { home, clock, ids, processes: new SystemProcesses(), timeoutMs: 5_000 };
  const backend = new FakeBackend(options);
  let opened = 0;

  const state = async (ref: TerminalRef) =>
    JSON.parse(await readFile(join(home, "fake", `${ref.id}.json`), "utf8")) as FakeState;
  const lines = async (path: string) => {
    const text = await readFile(path, "utf8").catch(() => "");
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const requestWith = async (
    launch: Record<string, unknown>,
    changed: Partial<OpenRequest> = {},
    environment = "export SECRET=1\n",
  ): Promise<OpenRequest> => {
    opened += 1;
    const tag = `nce_${opened}`;
    const folder = join(home, "agents", `agt_${opened}`);
    const launcher = join(folder, `launch-${tag}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `env-${tag}`), environment);
    const conversationId = `00000000-0000-4000-8000-${String(opened).padStart(12, "0")}`;
    const spool = join(folder, "events.jsonl");
    const record = {
      tag,
      conversationId,
      mode: "new",
      configDir,
      spool,
      cwd,
      name: `worker-${opened}`,
      model: null,
      ...launch,
    };
    await writeFile(join(folder, "launch.json"), JSON.stringify(record));
    return { launcher, cwd, title: "worker", layout: "tab", tag, group: { id: "ses_1", name: "team" }, ...changed };
  };

  return {
    backend,
    another: () => new FakeBackend(options),
    options,
    configDir,
    request: (changed) => requestWith({}, changed),
    requestWith: (launch, environment) => requestWith(launch, {}, environment),
    ready: async () => {},
    typed: async (ref) => (await state(ref)).box.text,
    end: (ref, exitCode) => backend.input(ref, typing(`[[exit ${exitCode}]]`, "Enter")),
    stopServer: () => rm(join(home, "fake"), { recursive: true }),
    dispose: () => directory.remove(),
    send: (ref, text, ...keys) => backend.input(ref, typing(text, ...(keys.length > 0 ? keys : (["Enter"] as const)))),
    state,
    events: async (ref) => lines((await state(ref)).launch.spool),
    transcript: async (ref) => lines((await state(ref)).transcript),
    session: async (ref) => {
      const text = await readFile(join(configDir, "sessions", `${(await state(ref)).pid}.json`), "utf8").catch(
        () => undefined,
      );
      return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
    },
  };
}

function typing(text: string, ...keys: Key[]) {
  return [
    { kind: "text" as const, text, isBracketed: true },
    { kind: "keys" as const, keys },
  ];
}
