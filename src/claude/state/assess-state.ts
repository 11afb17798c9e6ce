import type { StateReport, WaitingFor } from "../../core/agent.ts";
import { formatAge } from "../../core/duration.ts";
import { type Dialog, recogniseDialog } from "../screens/dialog.ts";
import type { DialogKind } from "../screens/texts.ts";
import { type HookEvent, requestIdOf } from "../spool/hook-event.ts";
import { agentError } from "./api-errors.ts";
import { eventPhrase, eventsOfLaunch, mainEvents, pidPhrase, type StateEvidence, sessionPhrase } from "./evidence.ts";
import { pendingRequests, subjectOf, waitingForOf } from "./pending-request.ts";
import { endedState, sentence } from "./process-end.ts";

/** How long UserPromptSubmit may be ahead of the session file: 20–60 ms were seen (facts §3.2). */
const STATUS_LAG_MS = 2000;
/** SessionStart comes before the input works; without a session file this long after it, hooks alone decide (facts §1.4). */
const SESSION_FILE_GRACE_MS = 3000;

/**
 * The state that the evidence shows. This is the one place that says which evidence wins (facts §14, architecture §3):
 *
 * 1. what we did ourselves (closed)            4. a dialog on the screen while there is no session file
 * 2. the process's end                         5. the session file, right in every state, also after Esc
 * 3. the terminal's disappearance              6. hooks, where the session file is missing, late or does not tell
 */
export function assessState(evidence: StateEvidence): StateReport {
  const report =
    closed(evidence) ?? ended(evidence) ?? terminalGone(evidence) ?? notReady(evidence) ?? bySessionFile(evidence);
  const pid = evidence.process?.isAlive ? evidence.process.pid : undefined;
  return pid === undefined ? report : { ...report, pid };
}

/**
 * No start dialog stands before this (claude-code-facts §1.4), and several agents that start at once need the processor
 * for themselves.
 */
const BLANK_SCREEN_MS = 600;

/** Would the screen tell more? It is the most expensive evidence, so it is only asked for where nothing else decides. */
export function needsScreen(evidence: StateEvidence): boolean {
  if (evidence.lifecycle === "closed" || evidence.terminal?.exists === false) return false;
  if (hasEnded(evidence)) return assessState(evidence).error?.kind === "launch";
  if (!evidence.session?.status) return evidence.now - (evidence.launchedAt ?? 0) >= BLANK_SCREEN_MS;
  return evidence.session.status === "waiting" && pendingRequests(eventsOfLaunch(evidence)).length !== 1;
}

/** Would the transcript's newest turn tell more? Only where no hook event tells how the last turn ended. */
export function needsLastTurn(evidence: StateEvidence): boolean {
  const { session } = evidence;
  const isIdle = session?.status === "idle" || session?.status === "shell";
  return isIdle && lastBoundary(evidence) === undefined;
}

function closed(evidence: StateEvidence): StateReport | undefined {
  if (evidence.lifecycle !== "closed") return undefined;
  const code = evidence.terminal?.exitCode;
  return {
    state: "exited",
    since: newestTime(evidence),
    because: sentence("exited", [
      evidence.launchedAt === null ? "it was never started" : "claude-orch closed its terminal",
      ...pidPhrase(evidence),
    ]),
    ...(code === undefined ? {} : { exitCode: code }),
  };
}

function hasEnded({ process, terminal }: StateEvidence): boolean {
  if (process) return !process.isAlive;
  return terminal?.exists === true && !terminal.isRunning;
}

function ended(evidence: StateEvidence): StateReport | undefined {
  return hasEnded(evidence) ? endedState(evidence) : undefined;
}

function terminalGone(evidence: StateEvidence): StateReport | undefined {
  if (evidence.terminal === undefined || evidence.terminal.exists) return undefined;
  const because = sentence("lost", ["its terminal cannot be found", ...pidPhrase(evidence)]);
  return { state: "lost", since: newestTime(evidence), because };
}

function notReady(evidence: StateEvidence): StateReport | undefined {
  if (evidence.session?.status) return undefined;
  const dialog = evidence.screen && recogniseDialog(evidence.screen);
  if (dialog) return waitingForDialog(evidence, dialog, "no session file yet");
  const events = mainEvents(eventsOfLaunch(evidence));
  const newest = events.at(-1);
  const isPastStart = newest && (newest.name !== "SessionStart" || ageOf(evidence) > SESSION_FILE_GRACE_MS);
  if (isPastStart && newest.name !== "SessionEnd") return byHooks(evidence);
  // Its session file goes first, the process some 100 ms later.
  if (newest?.name === "SessionEnd" && newest.reason !== "clear") {
    const because = sentence("exited", [`SessionEnd (${newest.reason ?? "no reason"})`, ...pidPhrase(evidence)]);
    return { state: "exited", since: newestTime(evidence), because };
  }
  const { launchedAt } = evidence;
  const since = launchedAt ?? evidence.now;
  const launch = launchedAt === null ? [] : [`launched ${formatAge(evidence.now - launchedAt)} ago`];
  return {
    state: "starting",
    since,
    because: sentence("starting", [...launch, "no session file yet", ...pidPhrase(evidence)]),
  };
}

function bySessionFile(evidence: StateEvidence): StateReport {
  const { session } = evidence;
  switch (session?.status) {
    case "busy":
      return busy(evidence);
    case "waiting":
      return waiting(evidence);
    case "idle":
    case "shell":
      return idle(evidence);
    default:
      return byHooks(evidence);
  }
}

function busy(evidence: StateEvidence): StateReport {
  const newest = mainEvents(eventsOfLaunch(evidence)).at(-1);
  // The request is written 10–100 ms before the session file says waiting; once answered, `busy` is the newer one.
  if (newest?.name === "PermissionRequest" && isNewerThanStatus(evidence)) return waitingForRequest(evidence, newest);
  return working(evidence, newest);
}

function working(evidence: StateEvidence, newest: HookEvent | undefined): StateReport {
  const evidences = newest ? [eventPhrase(evidence, newest)] : [];
  const since = evidence.session?.status === "busy" ? evidence.session.statusAt : evidence.writtenAt;
  return {
    state: "working",
    since: since ?? evidence.now,
    because: sentence("working", [...evidences, ...sessionPhrase(evidence), ...pidPhrase(evidence)]),
  };
}

function waiting(evidence: StateEvidence): StateReport {
  const { session, screen } = evidence;
  const dialog = screen && recogniseDialog(screen);
  const request = session?.waitingFor === "dialog open" ? undefined : shownRequest(evidence);
  if (request) return waitingForRequest(evidence, request);
  if (dialog) return waitingForDialog(evidence, dialog, ...sessionPhrase(evidence));
  const kind = WAITING_KINDS[session?.waitingFor ?? ""] ?? "dialog";
  const summary = session?.waitingFor ?? "a dialog is open";
  const requestId = requestIdOf([session?.sessionId, session?.statusAt, summary]);
  return waitingReport(evidence, { kind, requestId, summary }, sessionPhrase(evidence));
}

/** Words of the session file's `waitingFor` (facts §6.1), where no hook event tells more. */
const WAITING_KINDS: Record<string, WaitingFor["kind"]> = {
  "permission prompt": "permission",
  "sandbox request": "permission",
  "worker request": "permission",
  "input needed": "question",
};

/** Several requests may be open at once; the one whose subject the screen shows is being asked. */
function shownRequest(evidence: StateEvidence): HookEvent | undefined {
  const pending = pendingRequests(eventsOfLaunch(evidence));
  const shown = (evidence.screen?.lines ?? []).join("\n");
  const visible = pending.find(({ tool }) => {
    const [firstLine = ""] = subjectOf(tool?.input).split("\n");
    return firstLine !== "" && shown.includes(firstLine.slice(0, 40));
  });
  return (pending.length > 1 ? visible : undefined) ?? pending[0];
}

function waitingForRequest(evidence: StateEvidence, request: HookEvent): StateReport {
  return waitingReport(evidence, waitingForOf(request), [eventPhrase(evidence, request), ...sessionPhrase(evidence)]);
}

function waitingForDialog(evidence: StateEvidence, dialog: Dialog, ...parts: string[]): StateReport {
  const { kind, title, options } = dialog;
  const requestId = requestIdOf([evidence.launchedAt, evidence.session?.statusAt, kind, title, options]);
  const waitingFor: WaitingFor = {
    kind: DIALOG_KINDS[kind] ?? "dialog",
    requestId,
    summary: title,
    ...(options.length === 0 ? {} : { options }),
  };
  return waitingReport(evidence, waitingFor, [`the screen shows "${title}"`, ...parts]);
}

const DIALOG_KINDS: Partial<Record<DialogKind, WaitingFor["kind"]>> = {
  permission: "permission",
  question: "question",
  plan: "plan",
};

function waitingReport(evidence: StateEvidence, waitingFor: WaitingFor, parts: readonly string[]): StateReport {
  const { session, launchedAt, now } = evidence;
  return {
    state: "waiting",
    since: (session?.status === "waiting" ? session.statusAt : undefined) ?? (session ? now : (launchedAt ?? now)),
    because: sentence("waiting", [...parts, ...pidPhrase(evidence)]),
    waitingFor,
  };
}

function idle(evidence: StateEvidence): StateReport {
  const newest = mainEvents(eventsOfLaunch(evidence)).at(-1);
  const isFresh = isNewerThanStatus(evidence) && ageOf(evidence) < STATUS_LAG_MS;
  if (newest?.name === "UserPromptSubmit" && isFresh) return working(evidence, newest);
  const boundary = lastBoundary(evidence);
  const failure = boundary?.name === "StopFailure" ? boundary : undefined;
  const since = evidence.session?.statusAt ?? newestTime(evidence);
  if (failure || (boundary === undefined && evidence.lastTurn?.isError)) {
    const message = failure?.lastMessage ?? evidence.lastTurn?.text ?? "";
    const error = agentError(failure?.error ?? "unknown", message, evidence.now);
    const what = failure
      ? `${eventPhrase(evidence, failure)} (${failure.error})`
      : "the last turn ended in an API error";
    return {
      state: "errored",
      since,
      because: sentence("errored", [what, ...sessionPhrase(evidence), ...pidPhrase(evidence)]),
      error,
    };
  }
  const parts = boundary ? [boundaryPhrase(evidence, boundary)] : [];
  const tasks = boundary?.backgroundTasks ?? 0;
  if (tasks > 0) parts.push(`${tasks} background ${tasks === 1 ? "task" : "tasks"}`);
  return {
    state: "idle",
    since,
    because: sentence("idle", [...parts, ...sessionPhrase(evidence), ...pidPhrase(evidence)]),
  };
}

/** A prompt without its Stop, while the session file says idle: the turn was interrupted or refused (facts §3.2). */
function boundaryPhrase(evidence: StateEvidence, boundary: HookEvent): string {
  const phrase = eventPhrase(evidence, boundary);
  return boundary.name === "UserPromptSubmit" ? `${phrase} without Stop: interrupted` : phrase;
}

/** The newest event that says where the last turn stands. */
function lastBoundary(evidence: StateEvidence): HookEvent | undefined {
  return mainEvents(eventsOfLaunch(evidence)).findLast(
    ({ name, source }) =>
      name === "Stop" ||
      name === "StopFailure" ||
      name === "UserPromptSubmit" ||
      (name === "SessionStart" && source !== "compact"),
  );
}

/** Hooks alone, where there is no session file or it has a word that we do not know. */
function byHooks(evidence: StateEvidence): StateReport {
  const newest = mainEvents(eventsOfLaunch(evidence)).at(-1);
  switch (newest?.name) {
    case "PermissionRequest":
      return waitingForRequest(evidence, newest);
    case undefined:
    case "Stop":
    case "StopFailure":
    case "SessionStart":
      return idle(evidence);
    default:
      return working(evidence, newest);
  }
}

function isNewerThanStatus({ writtenAt, session }: StateEvidence): boolean {
  return writtenAt !== null && writtenAt > (session?.statusAt ?? 0);
}

function ageOf({ now, writtenAt }: StateEvidence): number {
  return now - (writtenAt ?? 0);
}

function newestTime({ session, writtenAt, launchedAt, now }: StateEvidence): number {
  const newest = Math.max(session?.statusAt ?? 0, writtenAt ?? 0, launchedAt ?? 0);
  return newest === 0 ? now : newest;
}
