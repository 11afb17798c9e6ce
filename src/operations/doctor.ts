import * as z from "zod";
import { EXIT_CODES, toAppError } from "../core/errors.ts";
import type { BackendProbe } from "../core/ports/terminal-backend.ts";
import type { BackendName } from "../core/session.ts";
import {
  AVAILABLE_BACKENDS,
  type BackendChoice,
  chooseBackend,
  HEADLESS_NOTE,
  probeBackend,
} from "./backend-choice.ts";
import type { Context } from "./context.ts";
import { defineOperation } from "./operation.ts";

const MIN_NODE = [20, 19] as const;
/** The first with core.fsync, without which a snapshot might not be on disk when the work itself is removed. */
const MIN_GIT = [2, 36] as const;

const finding = z.object({
  check: z.string().describe("What was looked at"),
  status: z.enum(["ok", "warning", "problem"]),
  message: z.string(),
  fix: z.string().optional().describe("One next step"),
});
type Finding = z.infer<typeof finding>;

export const doctor = defineOperation({
  name: "doctor",
  title: "Doctor",
  summary: "Check what the main job needs, each finding with its fix",
  description:
    "Checks Node.js, Claude Code, the terminal backends, git (for worktrees), the home folder, the settings, the store and its key. `ok` is false when agents cannot be run on this machine as it is.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({}),
  output: z.object({
    ok: z.boolean(),
    version: z.string(),
    backend: z.string().nullable().describe("The backend that a new session would get"),
    findings: z.array(finding),
  }),
  errors: [],
  cli: {
    examples: ["doctor", "doctor --json"],
    exitCode: (output) => (output.ok === false ? EXIT_CODES.unavailable : 0),
  },
  async run(_input, context) {
    const probes = new Map<BackendName, Promise<BackendProbe>>();
    const probe = (name: BackendName) => {
      const known = probes.get(name) ?? probeBackend(context, name);
      probes.set(name, known);
      return known;
    };
    const [claude, backends, git, store] = await Promise.all([
      checkClaude(context),
      checkBackends(probe),
      checkGit(context),
      checkStore(context),
    ]);
    // The finding says what the choice would tell.
    const quiet = { ...context, progress: () => undefined };
    const chosen = await chooseBackend(quiet, undefined, probe).catch(() => null);
    const findings: Finding[] = [
      checkNode(context),
      claude,
      ...backends,
      checkChoice(chosen, await probe("tmux")),
      git,
      checkHome(context),
      store,
    ];
    return {
      ok: !findings.some(({ status }) => status === "problem"),
      version: context.version,
      backend: chosen?.name ?? null,
      findings,
    };
  },
});

function checkNode(context: Context): Finding {
  const version = context.nodeVersion;
  return isAtLeast(version.replace(/^v/, ""), MIN_NODE)
    ? { check: "node", status: "ok", message: `Node.js ${version}` }
    : {
        check: "node",
        status: "problem",
        message: `Node.js ${version} is too old`,
        fix: `Install Node.js ${MIN_NODE.join(".")} or newer.`,
      };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Only worktrees need it: without it everything else works. */
async function checkGit({ workTrees, signal }: Context): Promise<Finding> {
  const check = "git";
  const fix = `Install git ${MIN_GIT.join(".")} or newer, or do without worktrees.`;
  try {
    const version = await (await workTrees()).version(signal);
    if (version !== null && isAtLeast(version, MIN_GIT)) return { check, status: "ok", message: `git ${version}` };
    return { check, status: "warning", message: `git ${version ?? "of an unknown version"} is too old`, fix };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.kind === "cancelled") throw error;
    return { check, status: "warning", message: error.message, fix };
  }
}

async function checkClaude(context: Context): Promise<Finding> {
  const program = await context.program("tmux");
  const probe = await program.probe(context.caller.env, context.settings.claudeBin ?? undefined, context.signal);
  if (probe.problem !== undefined || !probe.isInstalled) {
    return {
      check: "claude",
      status: "problem",
      message: probe.problem ?? "Claude Code was not found",
      ...(probe.fix ? { fix: probe.fix } : {}),
    };
  }
  return { check: "claude", status: "ok", message: `Claude Code ${probe.version} at ${probe.path}` };
}

const NOTES: Partial<Record<BackendName, string>> = {
  headless: HEADLESS_NOTE,
  fake: "Fake agents play Claude Code, to try commands out",
};

async function checkBackends(look: (name: BackendName) => Promise<BackendProbe>): Promise<Finding[]> {
  const findings = await Promise.all(
    AVAILABLE_BACKENDS.map(async (name): Promise<Finding[]> => {
      const check = `backend ${name}`;
      const probe = await look(name);
      if (probe.isUsable) {
        const note = NOTES[name];
        return [{ check, status: "ok", message: note ? `usable. ${note}` : (probe.version ?? "usable") }];
      }
      if (probe.isForeign) return [];
      const message = probe.problem ?? "not usable";
      return [{ check, status: "warning", message, ...(probe.fix ? { fix: probe.fix } : {}) }];
    }),
  );
  return findings.flat();
}

/** `tmux` is what there could be where nothing better is. */
function checkChoice(choice: BackendChoice | null, tmux: BackendProbe): Finding {
  const check = "default backend";
  const fix = tmux.fix ?? "Install tmux 3.2 or newer.";
  if (choice === null) return { check, status: "problem", message: "No backend is usable", fix };
  const { name, reason } = choice;
  if (name !== "headless") return { check, status: "ok", message: `New sessions use ${name}: ${reason}` };
  const message = `New sessions use headless: their agents cannot be seen (${reason})`;
  return { check, status: "warning", message, fix };
}

function checkHome(context: Context): Finding {
  return { check: "home", status: "ok", message: context.home };
}

async function checkStore(context: Context): Promise<Finding> {
  const health = await context.store.health();
  const about = `schema ${health.schemaVersion}, SQLite ${health.sqliteVersion} (${health.driver}), key from ${health.keySource}`;
  const [problem] = health.problems;
  return problem === undefined
    ? { check: "store", status: "ok", message: about }
    : {
        check: "store",
        status: "problem",
        message: `${about}: ${problem}`,
        fix: "Stop every claude-orch that runs (worker, mcp, live views), and bring the store back from a backup.",
      };
}
