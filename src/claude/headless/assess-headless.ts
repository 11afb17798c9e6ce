import type { StateReport } from "../../core/agent.ts";
import { formatAge } from "../../core/duration.ts";
import type { SessionFile } from "../session-file/session-file.ts";
import { agentError } from "../state/api-errors.ts";
import { assessState } from "../state/assess-state.ts";
import { eventsOfLaunch, pidPhrase, type StateEvidence, sessionPhrase } from "../state/evidence.ts";
import { waitingForOf } from "../state/pending-request.ts";
import { sentence } from "../state/process-end.ts";
import type { AskedUse, OutputTail } from "./output-tail.ts";

export interface HeadlessEvidence extends StateEvidence {
  output: OutputTail;
}

/**
 * A headless agent has the same session file and the same hooks (2.1.330; of 2.1.197 the session file without a
 * status). What its output says takes the place of what only a screen would show, and of the status where there is
 * none. What it asks, the output alone says: the hook does not tell whether it was answered. `isOpen`: its terminal was
 * opened, so that its output exists for as long as the terminal does.
 */
export function withOutput(
  evidence: StateEvidence,
  output: OutputTail,
  { isOpen = true }: { isOpen?: boolean } = {},
): HeadlessEvidence {
  const events = evidence.events.filter(({ name }) => name !== "PermissionRequest");
  const { session } = evidence;
  return {
    ...evidence,
    // The program may live on without the folder of its terminal, but nobody can say anything to it any more.
    ...(isOpen && output.writtenAt === null ? { terminal: { exists: false, isRunning: false } } : {}),
    events,
    session: session && toldByOutput(session, evidence, output),
    output,
  };
}

function toldByOutput(session: SessionFile, evidence: StateEvidence, output: OutputTail): SessionFile {
  if (session.status !== null && session.status !== "waiting") return session;
  // Prompts are taken from SessionStart on: its input keeps what comes too early.
  if (eventsOfLaunch(evidence).length === 0) return { ...session, status: null };
  const status = output.phase === "running" ? "busy" : "idle";
  return { ...session, status, waitingFor: null, statusAt: output.writtenAt ?? session.statusAt, toldBy: "its output" };
}

/** The state that the evidence shows: as of every agent, but for what it asks and how its turn failed. */
export function assessHeadless(evidence: HeadlessEvidence): StateReport {
  const report = assessState(evidence);
  if (report.pid === undefined || report.state === "starting") return report;
  const [asked] = evidence.output.asked;
  if (asked) return { ...waitingFor(evidence, asked), pid: report.pid };
  if (report.state === "working") return retrying(evidence, report) ?? report;
  return report.state === "idle" ? (failed(evidence, report) ?? report) : report;
}

function retrying(evidence: HeadlessEvidence, report: StateReport): StateReport | undefined {
  const { retry } = evidence.output;
  if (retry === undefined) return undefined;
  const parts = [`it tries again: ${retry}`, ...sessionPhrase(evidence), ...pidPhrase(evidence)];
  return { ...report, because: sentence("working", parts) };
}

function waitingFor(evidence: HeadlessEvidence, { event }: AskedUse): StateReport {
  const since = evidence.output.writtenAt ?? evidence.now;
  const what = `its output asks can_use_tool (${event.tool?.name}) for ${formatAge(evidence.now - since)}`;
  return {
    state: "waiting",
    since,
    because: sentence("waiting", [what, ...pidPhrase(evidence)]),
    waitingFor: waitingForOf(event),
  };
}

/** The result is there some milliseconds before the StopFailure event. */
function failed(evidence: HeadlessEvidence, { since, pid }: StateReport): StateReport | undefined {
  const { result, phase } = evidence.output;
  if (phase !== "over" || !result?.isError || result.isInterrupted) return undefined;
  return {
    state: "errored",
    since,
    because: sentence("errored", [`its output ends with a failed result (${result.error})`, ...pidPhrase(evidence)]),
    error: agentError(result.error, result.text, since),
    ...(pid === undefined ? {} : { pid }),
  };
}
