import type { AgentError, StateReport, WaitingFor } from "../../core/agent.ts";
import { formatAge, formatMoment } from "../../core/duration.ts";
import { type Dialog, recogniseDialog } from "../screens/dialog.ts";
import { retryNotice } from "../screens/retry-notice.ts";
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
  const shown =
    closed(evidence) ?? ended(evidence) ?? terminalGone(evidence) ?? notReady(evidence) ?? bySessionFile(evidence);
  const report = withoutTools(evidence, shown) ?? shown;
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
  if (evidence.session.status === "busy") return mayBeRetrying(evidence);
  if (evidence.session.status !== "waiting") return false;
  return evidence.session.waitingFor === DIALOG_OPEN || pendingRequests(eventsOfLaunch(evidence)).length !== 1;
}

/** Silence after which it is worth a look whether Claude Code has an answer at all: its first retries take some seconds. */
const SILENCE_MS = 10_000;

/** Only the screen tells that a request is tried again (2.1.197 and 2.1.330): no hook, no record, and the status is busy. */
function mayBeRetrying(evidence: StateEvidence): boolean {
  const newest = mainEvents(eventsOfLaunch(evidence)).at(-1);
  const lastSign = Math.max(evidence.writtenAt ?? 0, evidence.session?.statusAt ?? 0);
  return newest?.name !== "PreToolUse" && evidence.now - lastSign >= SILENCE_MS;
}

/**
 * Would the transcript tell more of a failure? When it was and until when a limit lasts; and that there was one, where no
 * hook event tells how the last turn ended.
 */
export function needsFailure(evidence: StateEvidence): boolean {
  const status = evidence.session?.status;
  const boundary = lastBoundary(evidence);
  if (boundary?.name === "StopFailure") return status === "idle" || status === "shell" || status === "waiting";
  const isUntold = boundary === undefined || (boundary.name === "UserPromptSubmit" && !begunMeanwhile(evidence));
  return isUntold && (status === "idle" || status === "shell");
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

function hasEnded({ process, terminal, isAdopted }: StateEvidence): boolean {
  if (process) return !process.isAlive;
  // It ran when it was adopted, and takes its session file with it when it ends in good order.
  if (isAdopted) return true;
  return terminal?.exists === true && !terminal.isRunning;
}

function ended(evidence: StateEvidence): StateReport | undefined {
  return hasEnded(evidence) ? endedState(evidence) : undefined;
}

function terminalGone(evidence: StateEvidence): StateReport | undefined {
  // While no process of it is known to have ended, one that cannot be asked may yet be there.
  if (evidence.terminal === undefined || evidence.terminal.exists || evidence.terminal.problem) return undefined;
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

/** Its input box takes a prompt, whose turn would have none of our tools: nothing to report a task with. */
function withoutTools(evidence: StateEvidence, { state }: StateReport): StateReport | undefined {
  const { isWithoutTools, launchedAt, now } = evidence;
  const boundary = lastBoundary(evidence);
  const hasBegun = boundary !== undefined && boundary.name !== "SessionStart";
  if (!isWithoutTools || state !== "idle" || hasBegun) return undefined;
  const parts = ["its tools are not connected yet", ...sessionPhrase(evidence), ...pidPhrase(evidence)];
  return { state: "starting", since: launchedAt ?? now, because: sentence("starting", parts) };
}

function bySessionFile(evidence: StateEvidence): StateReport {
  const { session } = evidence;
  switch (session?.status) {
    case "busy":
      return busy(evidence);
    case "waiting":
      if (isPassing(evidence)) return behindDialog(evidence);
      return isHookDue(evidence) ? working(evidence, mainEvents(eventsOfLaunch(evidence)).at(-1)) : waiting(evidence);
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
  const held = (evidence.heldRequests ?? []).find((request) => isStillAsked(evidence, request));
  if (held) return waitingForRequest(evidence, held);
  return working(evidence, newest);
}

/** The session file may say busy of the moment before the request that much later. */
const BUSY_LAG_MS = 300;

/**
 * Is a request still open whose hook waits, though the session file says busy? 2.1.330 shows the dialog of a subagent in
 * the background only when our hook has ended, and says busy until then. Once a person has answered in the terminal, busy
 * is newer, while the hook may wait on (seen in 2.1.197).
 */
function isStillAsked(evidence: StateEvidence, request: HookEvent): boolean {
  const { session, writtenAt } = evidence;
  const isNewest = mainEvents(eventsOfLaunch(evidence)).at(-1) === request;
  return (isNewest || request.subagentId !== null) && (session?.statusAt ?? 0) - (writtenAt ?? 0) < BUSY_LAG_MS;
}

function working(evidence: StateEvidence, newest: HookEvent | undefined): StateReport {
  const retry = evidence.screen && retryNotice(evidence.screen);
  const evidences = [
    ...(retry ? [`it tries again: ${retry}`] : []),
    ...(newest ? [eventPhrase(evidence, newest)] : []),
  ];
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
  const boundary = lastBoundary(evidence);
  if (dialog?.kind === "limit" && boundary?.name === "StopFailure") {
    // The choice that Claude Code offers to a subscriber; what happened is the limit, and waiting does no harm.
    const { waitingFor } = waitingForDialog(evidence, dialog);
    return { ...errored(evidence, boundary), ...(waitingFor ? { waitingFor } : {}) };
  }
  const request = session?.waitingFor === DIALOG_OPEN ? undefined : shownRequest(evidence);
  if (request) return waitingForRequest(evidence, request);
  if (dialog) return waitingForDialog(evidence, dialog, ...sessionPhrase(evidence));
  const kind = WAITING_KINDS[session?.waitingFor ?? ""] ?? "dialog";
  const summary = session?.waitingFor ?? "a dialog is open";
  const requestId = requestIdOf([session?.sessionId, session?.statusAt, summary]);
  return waitingReport(evidence, { kind, requestId, summary }, sessionPhrase(evidence));
}

/** How long the session file may say waiting before the hook's event stands in the spool: on a busy machine some 50 ms. */
const HOOK_LAG_MS = 1000;

/** It asks for a permission, and the hook that tells which one has not written yet: without it, the request has no name. */
function isHookDue(evidence: StateEvidence): boolean {
  const { session, isAdopted, now } = evidence;
  const isOfHook = !isAdopted && WAITING_KINDS[session?.waitingFor ?? ""] !== undefined;
  const isFresh = session?.statusAt != null && now - session.statusAt < HOOK_LAG_MS;
  return isOfHook && isFresh && pendingRequests(eventsOfLaunch(evidence)).length === 0;
}

const DIALOG_OPEN = "dialog open";

/** A dialog that is being closed is a panel for some milliseconds (2.1.330, a question declined by Escape): none is shown. */
function isPassing({ session, screen, now }: StateEvidence): boolean {
  if (session?.waitingFor !== DIALOG_OPEN || (screen && recogniseDialog(screen))) return false;
  return session.statusAt !== null && now - session.statusAt < HOOK_LAG_MS;
}

/** As if there were no dialog: what a turn came to, or that one runs. */
function behindDialog(evidence: StateEvidence): StateReport {
  const isInTurn = lastBoundary(evidence)?.name === "UserPromptSubmit";
  return isInTurn ? working(evidence, mainEvents(eventsOfLaunch(evidence)).at(-1)) : idle(evidence);
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
    since:
      (session?.status === "waiting" ? session.statusAt : undefined) ??
      (session ? (evidence.writtenAt ?? now) : (launchedAt ?? now)),
    because: sentence("waiting", [...parts, ...pidPhrase(evidence)]),
    waitingFor,
  };
}

function idle(evidence: StateEvidence): StateReport {
  const begun = begunMeanwhile(evidence);
  if (begun?.name === "PermissionRequest") return waitingForRequest(evidence, begun);
  if (begun) return working(evidence, begun);
  const boundary = lastBoundary(evidence);
  // Background work may have woken it since, which no hook tells, and Escape ended that turn.
  if (boundary?.name === "StopFailure" && evidence.isInterrupted !== true) return errored(evidence, boundary);
  if (boundary?.name !== "Stop" && failureOfTurn(evidence, boundary)) return errored(evidence, undefined);
  if (boundary?.name === "UserPromptSubmit" && mayStillTell(evidence)) return working(evidence, boundary);
  const parts = boundary ? [boundaryPhrase(evidence, boundary)] : [];
  const tasks = boundary?.backgroundTasks ?? 0;
  if (tasks > 0) parts.push(`${tasks} background ${tasks === 1 ? "task" : "tasks"}`);
  return {
    state: "idle",
    since: evidence.session?.statusAt ?? newestTime(evidence),
    because: sentence("idle", [...parts, ...sessionPhrase(evidence), ...pidPhrase(evidence)]),
  };
}

/**
 * The session file says idle up to this long before the hook and the transcript tell how the turn ended (seen in 2.1.330:
 * a failed turn would look like an interrupted one).
 */
const END_LAG_MS = 150;

function mayStillTell({ now, session, isInterrupted }: StateEvidence): boolean {
  return isInterrupted !== true && now - (session?.statusAt ?? 0) < END_LAG_MS;
}

/** The transcript's newest failure, unless it is that of another turn than the event's, or of before this launch. */
function failureOfTurn({ failure, launchedAt }: StateEvidence, event: HookEvent | undefined): StateEvidence["failure"] {
  const isOther = event?.promptId && failure?.promptId && event.promptId !== failure.promptId;
  const isOld = failure?.at && failure.at < (launchedAt ?? 0);
  return isOther || isOld ? undefined : failure;
}

/** The turn failed, by its StopFailure event or, where that is missing, by the transcript. */
function errored(evidence: StateEvidence, event: HookEvent | undefined): StateReport {
  const { session } = evidence;
  const failure = failureOfTurn(evidence, event);
  // Panels that a person opens and closes later change the time of the status, not of the failure.
  const since = failure?.at ?? session?.statusAt ?? newestTime(evidence);
  const word = event?.error ?? failure?.error ?? "unknown";
  const message = event?.lastMessage ?? failure?.message ?? "";
  const what = event ? `${eventPhrase(evidence, event)} (${word})` : "the last turn ended in an API error";
  const error = agentError(word, message, since, failure?.resetsAt ?? null);
  return {
    state: "errored",
    since,
    because: sentence("errored", [
      ...limitPhrase(error, evidence),
      what,
      ...sessionPhrase(evidence),
      ...pidPhrase(evidence),
    ]),
    error,
    failedTurn: {
      id: event?.promptId ?? failure?.promptId ?? String(since),
      goesOn: failure?.goesOn ?? false,
    },
  };
}

/** Comes first: it is what a table of 80 columns has room for. */
function limitPhrase({ kind, retryAt }: AgentError, { now }: StateEvidence): string[] {
  if (retryAt === undefined) return [];
  const limit = kind === "usage_limit" ? "usage limit" : "rate limit";
  const at = Date.parse(retryAt);
  return [at > now ? `${limit} until ${formatMoment(at, now)}` : `${limit} over for ${formatAge(now - at)}`];
}

const BEGINNINGS = new Set(["UserPromptSubmit", "PreToolUse", "PermissionRequest"]);

/** The event that shows that a turn runs which the session file does not know of yet. */
function begunMeanwhile(evidence: StateEvidence): HookEvent | undefined {
  const newest = mainEvents(eventsOfLaunch(evidence)).at(-1);
  if (!newest || !isNewerThanStatus(evidence) || ageOf(evidence) >= STATUS_LAG_MS) return undefined;
  // Those of a tool's result may report after the turn was interrupted.
  return BEGINNINGS.has(newest.name) ? newest : undefined;
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
