import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { ProcessIdentity } from "../core/ports/process-runner.ts";

/** Identity of a running pid; undefined when there is no such process or it is a zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  // kill(0) and negative pids address groups, never one process.
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === "linux") return fromProc(pid);
  if (process.platform === "win32") return isSignallable(pid) ? { pid, startedAt: "" } : undefined;
  return fromPs(pid);
}

/** pid of a running process's parent; undefined when there is no such process, or nobody can tell. */
export function parentOfProcess(pid: number): number | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0 || process.platform === "win32") return undefined;
  const parent = process.platform === "linux" ? parentFromProc(pid) : parentFromPs(pid);
  return parent !== undefined && Number.isSafeInteger(parent) && parent > 0 ? parent : undefined;
}

function parentFromProc(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function parentFromPs(pid: number): number | undefined {
  const result = spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], {
    encoding: "utf8",
    env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
    timeout: 2000,
  });
  return Number.parseInt(result.stdout ?? "", 10);
}

function fromProc(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  const startedAt = parseProcStat(stat);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Start time (field 22) of a `/proc/<pid>/stat` line; undefined for a zombie or a dead process. */
export function parseProcStat(stat: string): string | undefined {
  // The command (field 2) stands in parentheses and may itself contain blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === undefined || state === "" || "ZXx".includes(state)) return undefined;
  return fields[19];
}

function fromPs(pid: number): ProcessIdentity | undefined {
  // lstart is local time in the user's language: fixed here, so that all processes write it alike.
  const result = spawnSync("ps", ["-o", "lstart=,stat=", "-p", String(pid)], {
    encoding: "utf8",
    env: { PATH: "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" },
    timeout: 2000,
  });
  const startedAt = parsePs(result.stdout ?? "");
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Start time of a `ps -o lstart=,stat=` line; undefined for a zombie or an empty answer. */
export function parsePs(output: string): string | undefined {
  const words = output.trim().split(/\s+/);
  const state = words.pop();
  if (state === undefined || words.length < 5 || state.startsWith("Z")) return undefined;
  return words.join(" ");
}

function isSignallable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
