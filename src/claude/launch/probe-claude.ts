import path from "node:path";
import type { ProgramProbe } from "../../core/ports/agent-program.ts";
import type { ProcessRunner, RunResult } from "../../core/ports/process-runner.ts";
import { VersionCache } from "./version-cache.ts";

/** The oldest version that was tested: older ones may not know a hook event of ours, and ask about it at the start. */
export const MINIMUM_VERSION = "2.1.197";

const PROBE_TIMEOUT_MS = 15_000;
const INSTALL = "Install it with npm install -g @anthropic-ai/claude-code, or set CLAUDE_ORCH_CLAUDE_BIN.";

export interface ProbeOptions {
  processes: ProcessRunner;
  /** Remembers versions: asking Claude Code itself costs hundreds of milliseconds. */
  cacheFile: string;
  /** Executable to use instead of the `claude` that is found. */
  bin?: string;
  signal?: AbortSignal;
}

/** Looks for Claude Code and its version. Never throws. */
export async function probeClaude(env: Record<string, string>, options: ProbeOptions): Promise<ProgramProbe> {
  const found = await options.processes.which(options.bin ?? "claude", searchPath(env)).catch(() => undefined);
  if (found === undefined) {
    const problem = options.bin
      ? `There is no executable ${options.bin}`
      : "Claude Code is not installed, or not on PATH";
    return { isInstalled: false, problem, fix: INSTALL };
  }
  const cache = new VersionCache(options.cacheFile);
  const remembered = await cache.get(found);
  if (remembered !== undefined) return judged(found, remembered);
  const result = await options.processes.run(found, ["--version"], {
    env,
    timeoutMs: PROBE_TIMEOUT_MS,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const version = result.exitCode === 0 ? /\d+\.\d+\.\d+/.exec(result.stdout)?.[0] : undefined;
  if (version === undefined) {
    return { isInstalled: true, path: found, problem: `${found} --version failed: ${reason(result)}`, fix: INSTALL };
  }
  await cache.set(found, version);
  return judged(found, version);
}

function judged(found: string, version: string): ProgramProbe {
  const probe = { isInstalled: true, path: found, version };
  if (compareVersions(version, MINIMUM_VERSION) >= 0) return probe;
  const problem = `Claude Code ${version} is older than ${MINIMUM_VERSION}`;
  return { ...probe, problem, fix: "Update it with claude update." };
}

/** PATH, then where the installers put it: programs with windows (Claude Desktop) start us with a minimal PATH. */
function searchPath(env: Record<string, string>): string {
  const home = env.HOME ? [path.join(env.HOME, ".local/bin"), path.join(env.HOME, ".claude/local")] : [];
  return [env.PATH ?? "", ...home, "/opt/homebrew/bin", "/usr/local/bin"].filter((part) => part !== "").join(":");
}

/** By numbers and not by a locale's numeric order, whose first use costs 6 ms of every spawn. */
export function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [left, right].map((version) => version.split(".").map(Number));
  const differences = [0, 1, 2].map((place) => (ours?.[place] ?? 0) - (theirs?.[place] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

function reason(result: RunResult): string {
  const said = result.stderr.trim().split("\n").at(-1) ?? "";
  return [result.reason, result.exitCode === null ? "" : `exit code ${result.exitCode}`, said]
    .filter(Boolean)
    .join(", ");
}
