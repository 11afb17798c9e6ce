import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sessionFile } from "./session-file.ts";
import type { FakeState } from "./state.ts";

type Write = { to: "spool" | "transcript"; path: string; line: string } | { to: "session"; content: string | null };

/** What the scripted agent leaves behind, gathered in order and then written to the files Claude Code would write. */
export class Outbox {
  readonly #writes: Write[] = [];

  event(state: FakeState, event: Record<string, unknown>): void {
    this.#writes.push({ to: "spool", path: state.launch.spool, line: `${JSON.stringify(event)}\n` });
  }

  record(state: FakeState, record: Record<string, unknown>): void {
    this.#writes.push({ to: "transcript", path: state.transcript, line: `${JSON.stringify(record)}\n` });
  }

  /** The session file as the state is at this moment; null removes it. */
  session(state: FakeState, isOpen = true): void {
    this.#writes.push({ to: "session", content: isOpen ? JSON.stringify(sessionFile(state)) : null });
  }

  async deliver(state: FakeState): Promise<void> {
    const session = join(state.launch.configDir, "sessions", `${state.pid}.json`);
    for (const write of this.#merged()) {
      if (write.to === "session") await replaceFile(session, write.content);
      else await append(write.path, write.line);
    }
    this.#writes.length = 0;
  }

  /** Neighbouring writes to one file become one. */
  #merged(): Write[] {
    const merged: Write[] = [];
    for (const write of this.#writes) {
      const last = merged.at(-1);
      if (last && last.to === write.to && last.to !== "session" && write.to !== "session" && last.path === write.path) {
        merged[merged.length - 1] = { ...last, line: last.line + write.line };
      } else merged.push(write);
    }
    return merged;
  }
}

async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await appendFile(path, text, { mode: 0o600 });
}

async function replaceFile(path: string, content: string | null): Promise<void> {
  if (content === null) return rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
