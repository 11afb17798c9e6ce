import { readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import { parseObject, stringOf } from "../transcript/json-fields.ts";

/** Claude Code's own live status, `<config>/sessions/<pid>.json` (facts §6.1). An internal file: read defensively. */
export interface SessionFile {
  /** What told \`status\`, where that was not this file. */
  toldBy?: string;
  pid: number;
  sessionId: string;
  /** `idle`, `busy`, `waiting`, `shell`; null in the first moments, or a word that a newer version brings. */
  status: string | null;
  /** `permission prompt`, `input needed`, `dialog open` … */
  waitingFor: string | null;
  /** Epoch ms of the last change of `status`. */
  statusAt: number | null;
  /** Epoch ms of the start of the process. */
  startedAt: number | null;
  /** Start time of the process as the operating system counts it; "" when unknown. */
  procStart: string;
  cwd: string | null;
  name: string | null;
  version: string | null;
  /** A person's session in a terminal; not one in the background, nor one that a program drives. */
  isInteractive: boolean;
}

/** Undefined for text that is not a session file, also for one that is being written. */
export function parseSessionFile(text: string): SessionFile | undefined {
  const json = parseObject(text);
  const pid = json?.pid;
  const sessionId = stringOf(json?.sessionId);
  if (!json || typeof pid !== "number" || !Number.isInteger(pid) || pid <= 0 || sessionId === null) return undefined;
  const procStart = json.procStart;
  return {
    pid,
    sessionId,
    status: stringOf(json.status),
    waitingFor: stringOf(json.waitingFor),
    statusAt: epochOf(json.statusUpdatedAt) ?? epochOf(json.updatedAt),
    startedAt: epochOf(json.startedAt),
    procStart: typeof procStart === "string" || typeof procStart === "number" ? String(procStart) : "",
    cwd: stringOf(json.cwd),
    name: stringOf(json.name),
    version: stringOf(json.version),
    isInteractive: (json.kind ?? "interactive") === "interactive" && (json.entrypoint ?? "cli") === "cli",
  };
}

export function sessionFilePath(configDir: string, pid: number): string {
  return join(configDir, "sessions", `${pid}.json`);
}

/** How often a file that cannot be understood is read again; each time takes some 0.1 ms. */
const MAX_READS = 50;
/** The same while it is empty: on a busy machine its writer may have to wait before it goes on. */
const MAX_EMPTY_READS = 1_000;

/** The session file of a process; undefined when it has none (yet, or any more). */
export async function readSessionFile(configDir: string, pid: number): Promise<SessionFile | undefined> {
  const path = sessionFilePath(configDir, pid);
  for (let reads = 1; ; reads += 1) {
    const text = readSmallFile(path);
    const file = text === undefined ? undefined : parseSessionFile(text);
    if (file) return file.pid === pid ? file : undefined;
    if (text === undefined || reads >= (text === "" ? MAX_EMPTY_READS : MAX_READS)) return undefined;
    // Claude Code writes it in place: empty for a moment, it would read as not there.
    await stat(path).catch(() => undefined);
  }
}

/** Some hundred bytes, read at once: see `readAgentPid`. */
function readSmallFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** All session files of a configuration folder, of dead processes too. Other files there hold tokens: never opened. */
export async function listSessionFiles(configDir: string): Promise<SessionFile[]> {
  const names = await readdir(join(configDir, "sessions")).catch(() => []);
  const pids = names.flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
  const files = await Promise.all(pids.map((pid) => readSessionFile(configDir, pid)));
  return files.filter((file) => file !== undefined);
}

/** Does the very process live that wrote the file? After SIGKILL the file stays, and its pid may be given again. */
export function isSessionAlive(
  { pid, procStart }: Pick<SessionFile, "pid" | "procStart">,
  runner: Pick<ProcessRunner, "isAlive" | "identify">,
): boolean {
  // Clock ticks on Linux are comparable as they are; how other systems write it is not established.
  const startedAt = runner.identify(pid)?.startedAt ?? "";
  const isComparable = /^\d+$/.test(procStart) && /^\d+$/.test(startedAt);
  return runner.isAlive({ pid, startedAt: isComparable ? procStart : "" });
}

function epochOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}
