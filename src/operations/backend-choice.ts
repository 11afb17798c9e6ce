import { AppError } from "../core/errors.ts";
import type { BackendProbe } from "../core/ports/terminal-backend.ts";
import type { BackendName } from "../core/session.ts";
import type { Context } from "./context.ts";

/** Backends that exist in this version, in the order in which they are preferred; `fake` only when asked for. */
export const PREFERRED_BACKENDS: readonly BackendName[] = ["tmux", "headless"];
export const AVAILABLE_BACKENDS: readonly BackendName[] = ["tmux", "headless", "fake"];

/** What a person should know of headless agents before they run some. */
export const HEADLESS_NOTE =
  "Headless agents have no terminal that one could look at or type into (use agent read and agent respond), and Claude Code counts and bills them as non-interactive use (claude -p) of the API key or subscription that it is logged in with";

/**
 * The backend for a new session: the one asked for (flag or setting), which must be usable, else the first usable one.
 * @throws BACKEND_UNAVAILABLE with the reason and the fix
 */
export async function chooseBackend(context: Context, asked: BackendName | undefined): Promise<BackendName> {
  const wanted = asked ?? context.settings.backend ?? undefined;
  const candidates = wanted ? [wanted] : PREFERRED_BACKENDS;
  const problems: string[] = [];
  let fix: string | undefined;
  for (const name of candidates) {
    const probe = await probeBackend(context, name);
    if (probe.isUsable) {
      if (name === "headless" && wanted === undefined) tellOfHeadless(context, problems);
      return name;
    }
    problems.push(`${name}: ${probe.problem ?? "not usable"}`);
    fix ??= probe.fix;
  }
  throw new AppError("BACKEND_UNAVAILABLE", `No usable backend (${problems.join("; ")})`, {
    hint: fix ?? "Run claude-orch doctor to see what is missing.",
    details: { backends: [...candidates] },
  });
}

/** Nobody asked for it: it is there because no terminal is. */
function tellOfHeadless(context: Context, problems: readonly string[]): void {
  context.progress({ message: `No terminal program is usable (${problems.join("; ")}). ${HEADLESS_NOTE}.` });
}

export async function probeBackend(context: Context, name: BackendName): Promise<BackendProbe> {
  if (!AVAILABLE_BACKENDS.includes(name)) {
    return {
      isUsable: false,
      problem: "not part of this version",
      fix: `Use one of: ${AVAILABLE_BACKENDS.join(", ")}.`,
    };
  }
  return (await context.backend(name)).probe(context.signal);
}
