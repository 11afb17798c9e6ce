import { AppError } from "../core/errors.ts";
import type { BackendProbe } from "../core/ports/terminal-backend.ts";
import type { BackendName } from "../core/session.ts";
import type { Context } from "./context.ts";

/** In the order in which they are preferred; `fake` only when asked for. */
export const PREFERRED_BACKENDS: readonly BackendName[] = ["iterm2", "tmux", "headless"];
export const AVAILABLE_BACKENDS: readonly BackendName[] = [...PREFERRED_BACKENDS, "fake"];

/** What a person should know of headless agents before they run some. */
export const HEADLESS_NOTE =
  "Headless agents have no terminal that one could look at or type into (use agent read and agent respond), and Claude Code counts and bills them as non-interactive use (claude -p) of the API key or subscription that it is logged in with";

export interface BackendChoice {
  name: BackendName;
  /** Why this one, in words: who asked for it, or what is wrong with the better ones. */
  reason: string;
}

/**
 * The backend for a new session: the one asked for (flag or setting), which must be usable, else the first usable one. A
 * person is told of every better one that should be usable on this machine and is not.
 * @param probe how to look at one; a look can take seconds, and may have been taken already
 * @throws BACKEND_UNAVAILABLE with the reason and the fix
 */
export async function chooseBackend(
  context: Context,
  asked: BackendName | undefined,
  probe: (name: BackendName) => Promise<BackendProbe> = (name) => probeBackend(context, name),
): Promise<BackendChoice> {
  const wanted = asked ?? context.settings.backend ?? undefined;
  const candidates = wanted ? [wanted] : PREFERRED_BACKENDS;
  const problems: string[] = [];
  let fix: string | undefined;
  for (const name of candidates) {
    const { isUsable, isForeign, problem, fix: itsFix } = await probe(name);
    if (isUsable) return chosen(context, name, { asked, problems, fix });
    // Nobody on Linux needs to hear of iTerm2.
    if (isForeign && wanted === undefined) continue;
    problems.push(`${name}: ${problem ?? "not usable"}`);
    fix ??= itsFix;
  }
  throw new AppError("BACKEND_UNAVAILABLE", `No usable backend (${problems.join("; ")})`, {
    hint: fix ?? "Run claude-orch doctor to see what is missing.",
    details: { backends: [...candidates] },
  });
}

function chosen(
  context: Context,
  name: BackendName,
  { asked, problems, fix }: { asked: BackendName | undefined; problems: readonly string[]; fix: string | undefined },
): BackendChoice {
  if (asked !== undefined) return { name, reason: "asked for" };
  if (context.settings.backend !== null) return { name, reason: "the setting backend says so" };
  const [problem] = problems;
  if (problem === undefined) return { name, reason: "the best one that is usable" };
  const why = problems.join("; ");
  if (name === "headless") context.progress({ message: `No terminal program is usable (${why}). ${HEADLESS_NOTE}.` });
  else context.progress({ message: `Agents go to ${name} (${why}). ${fix ?? ""}`.trimEnd() });
  return { name, reason: why };
}

export async function probeBackend(context: Context, name: BackendName): Promise<BackendProbe> {
  return (await context.backend(name)).probe(context.signal);
}
