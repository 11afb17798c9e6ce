import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TerminalRef } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { linkNew, withLock } from "../lock.ts";
import type { FakeOptions } from "./options.ts";
import { FAKE_PID_BASE, type FakeState } from "./state.ts";

const ID = /^fake-\d{1,8}$/;

/**
 * The terminals of one home: one JSON file each, changed under a lock, replaced whole. Read and written at once: of files
 * this small the thread pool would make ten times the work.
 */
export class StateFiles {
  readonly #options: FakeOptions;
  readonly #folder: string;

  constructor(options: FakeOptions) {
    this.#options = options;
    this.#folder = join(options.home, "fake");
  }

  /** Stores a new terminal under a free number, which also makes its pid. */
  async create(build: (id: string, pid: number) => FakeState): Promise<FakeState> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = join(this.#folder, `new.${this.#options.ids.random(6).toString("hex")}`);
    try {
      for (let number = this.#options.ids.random(3).readUIntBE(0, 3) + 1; ; number++) {
        const state = build(`fake-${number}`, FAKE_PID_BASE + number);
        await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
        if (await linkNew(draft, this.#path(state.id))) return state;
      }
    } finally {
      await rm(draft, { force: true });
    }
  }

  async all(): Promise<FakeState[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const ids = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
    return ids.sort().flatMap((id) => this.#read(id) ?? []);
  }

  /** The terminal, if it is still the one that the reference means. */
  async find(ref: TerminalRef): Promise<FakeState | undefined> {
    const state = ref.backend === "fake" ? this.#read(ref.id) : undefined;
    return state?.tag === ref.tag ? state : undefined;
  }

  /** Changes the terminal under its lock. `change` returns false when the terminal is to be removed. */
  async update(
    ref: TerminalRef,
    change: (state: FakeState) => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<FakeState> {
    if (!(await this.find(ref))) throw terminalGone(ref);
    return withLock(
      join(this.#folder, `${ref.id}.lock`),
      this.#options,
      async () => {
        const state = await this.find(ref);
        if (!state) throw terminalGone(ref);
        if (await change(state)) this.#write(state);
        else await rm(this.#path(state.id), { force: true });
        return state;
      },
      signal,
    );
  }

  #read(id: string): FakeState | undefined {
    if (!ID.test(id)) return undefined;
    let text: string;
    try {
      text = readFileSync(this.#path(id), "utf8");
    } catch {
      return undefined;
    }
    return JSON.parse(text) as FakeState;
  }

  #write(state: FakeState): void {
    const path = this.#path(state.id);
    writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

export function terminalGone(ref: TerminalRef): AppError {
  return new AppError("TERMINAL_GONE", `The fake terminal ${ref.id} is gone, or its program has ended`, {
    details: { terminal: ref.id },
  });
}
