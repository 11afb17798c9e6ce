import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sessionFile } from "./session-file.ts";
import type { FakeState } from "./state.ts";

type Write =
  | { to: "spool" | "transcript"; path: string; line: string; at: number }
  | { to: "session"; content: string | null };

/** What the scripted agent leaves behind, gathered in order and then written to the files Claude Code would write. */
export class Outbox {
  readonly #writes: Write[] = [];

  /** `at` is when it happened, epoch ms: somebody may look, and so write it down, much later. */
  event(state: FakeState, event: Record<string, unknown>, at: number): void {
    this.#writes.push({ to: "spool", path: state.launch.spool, line: `${JSON.stringify(event)}\n`, at });
  }

  record(state: FakeState, record: Record<string, unknown>, at: number): void {
    this.#writes.push({ to: "transcript", path: state.transcript, line: `${JSON.stringify(record)}\n`, at });
  }

  /** The session file as the state is at this moment; null removes it. */
  session(state: FakeState, isOpen = true): void {
    this.#writes.push({ to: "session", content: isOpen ? JSON.stringify(sessionFile(state)) : null });
  }

  /** Written at once, as the terminal's own file is. */
  deliver(state: FakeState): void {
    const session = join(state.launch.configDir, "sessions", `${state.pid}.json`);
    for (const write of this.#merged()) {
      if (write.to === "session") replaceFile(session, write.content);
      else append(write.path, write.line, write.at);
    }
    this.#writes.length = 0;
  }

  /** Neighbouring writes to one file become one; of the session file, only the newest can be seen. */
  #merged(): Write[] {
    const merged: Write[] = [];
    const newestSession = this.#writes.findLastIndex(({ to }) => to === "session");
    for (const [index, write] of this.#writes.entries()) {
      const last = merged.at(-1);
      if (write.to === "session") {
        if (index === newestSession) merged.push(write);
      } else if (last?.to === write.to && last.path === write.path) {
        merged[merged.length - 1] = { ...write, line: last.line + write.line };
      } else merged.push(write);
    }
    return merged;
  }
}

function append(path: string, text: string, at: number): void {
  inFolderOf(path, () => appendFileSync(path, text, { mode: 0o600 }));
  setFileTime(path, at);
}

/**
 * A file's time is that of what it says, as if the agent had written it then: hook events carry no other. Times of files
 * are never ahead of the clock, and the floating-point seconds that Node takes could be, by a fraction of a microsecond.
 */
export function setFileTime(path: string, at: number): void {
  const seconds = (at - 0.5) / 1000;
  utimesSync(path, seconds, seconds);
}

function replaceFile(path: string, content: string | null): void {
  if (content === null) {
    rmSync(path, { force: true });
    return;
  }
  inFolderOf(path, () => writeFileSync(`${path}.new`, content, { mode: 0o600 }));
  renameSync(`${path}.new`, path);
}

/** Makes the folder where it is missing, which is seldom. */
function inFolderOf(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    write();
  }
}
