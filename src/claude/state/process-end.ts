import type { StateReport } from "../../core/agent.ts";
import type { HookEvent } from "../spool/hook-event.ts";
import { eventPhrase, eventsOfLaunch, mainEvents, pidPhrase, type StateEvidence } from "./evidence.ts";

/** Signals that nobody sends to end a program in good order: KILL, and what a fault raises. */
const CRASH_SIGNALS = new Set([3, 4, 5, 6, 7, 8, 9, 11, 31]);
/** Exit codes of Claude Code when it was asked to end: /exit and Ctrl-C 0, HUP 129, INT 130, TERM 143 (facts §10). */
const ORDERLY_CODES = new Set([0, 129, 130, 143]);

/**
 * What a process that is gone means: it ended by itself or was asked to (`exited`), it broke or was killed (`errored`
 * crash), it never got ready (`errored` launch), or it went down with its terminal (`lost`).
 */
export function endedState(evidence: StateEvidence): StateReport {
  const { terminal, session, launchedAt } = evidence;
  const events = eventsOfLaunch(evidence);
  const sessionEnd = mainEvents(events).findLast(({ name, reason }) => name === "SessionEnd" && reason !== "clear");
  const wasReady = evidence.isAdopted || (session?.status ?? null) !== null || hasBegun(events);
  const code = terminal?.exitCode;
  const signal = terminal?.exitSignal ?? (code !== undefined && code > 128 ? code - 128 : undefined);
  const isTerminalGone = terminal !== undefined && !terminal.exists;
  const since = Math.max(events.length > 0 ? (evidence.writtenAt ?? 0) : 0, session?.statusAt ?? 0, launchedAt ?? 0);
  const at = since === 0 ? evidence.now : since;

  if (signal !== undefined && CRASH_SIGNALS.has(signal)) return crashed(`it was ended by signal ${signal}`);
  // A launch that fails, as with an unknown conversation, reports SessionEnd all the same.
  if (!wasReady && code !== undefined && !ORDERLY_CODES.has(code)) return failedLaunch();
  if (sessionEnd && !(isTerminalGone && sessionEnd.reason === "other")) {
    return exited([
      `${eventPhrase(evidence, sessionEnd)} (${sessionEnd.reason})`,
      ...exitPhrase(),
      ...pidPhrase(evidence),
    ]);
  }
  if (isTerminalGone) {
    const what = terminal.problem ? `its terminal cannot be reached (${terminal.problem})` : "its terminal is gone";
    return { state: "lost", since: at, because: sentence("lost", [what, ...pidPhrase(evidence)]) };
  }
  if (code !== undefined && ORDERLY_CODES.has(code)) return exited([...exitPhrase(), ...pidPhrase(evidence)]);
  if (!wasReady) return failedLaunch();
  if (code !== undefined) return crashed(`it ended with exit code ${code} and without SessionEnd`);
  if (session) return crashed("its session file was left behind without SessionEnd");
  return exited(pidPhrase(evidence));

  function exitPhrase(): string[] {
    return code === undefined ? [] : [`exit code ${code}`];
  }

  function exited(parts: string[]): StateReport {
    return {
      state: "exited",
      since: at,
      because: sentence("exited", parts.length === 0 ? ["no process of it runs"] : parts),
      ...(code === undefined ? {} : { exitCode: code }),
    };
  }

  function crashed(what: string): StateReport {
    const parts = [what, ...pidPhrase(evidence)];
    const error = { kind: "crash", message: `Claude Code crashed: ${what}` } as const;
    return { state: "errored", since: at, because: sentence("errored", parts), error };
  }

  function failedLaunch(): StateReport {
    const said = lastWords(evidence);
    const what =
      code === undefined ? "it ended before it was ready" : `it ended with exit code ${code} before it was ready`;
    const message = said ?? `Claude Code did not start: ${what}`;
    const because = sentence("errored", [what, ...pidPhrase(evidence)]);
    return { state: "errored", since: at, because, error: { kind: "launch", message } };
  }
}

/** Did this launch get further than its end? A second SessionEnd after one SessionStart is that of a later launch. */
function hasBegun(events: readonly HookEvent[]): boolean {
  const ends = events.filter(({ name, reason }) => name === "SessionEnd" && reason !== "clear").length;
  return ends < 2 && events.length > ends;
}

export function sentence(state: string, parts: readonly string[]): string {
  return `${state} because ${parts.join(", ")}`;
}

/** What the program printed before it ended; tmux's own last line is not it. */
function lastWords({ screen }: StateEvidence): string | undefined {
  const lines = (screen?.lines ?? [])
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^Pane is dead/.test(line));
  return lines.findLast((line) => /error|claude-orch:|cannot|not found|no conversation/i.test(line)) ?? lines.at(-1);
}
