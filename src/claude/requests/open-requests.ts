import type { Agent, StateReport } from "../../core/agent.ts";
import type { Screen } from "../../core/ports/terminal-backend.ts";
import type { AgentRequest } from "../../core/request.ts";
import { type Dialog, dialogLines, recogniseDialog } from "../screens/dialog.ts";
import { eventsOfLaunch, type StateEvidence } from "../state/evidence.ts";
import { pendingWithUses } from "../state/pending-request.ts";
import {
  canRemember,
  type EventSurroundings,
  rememberLabel,
  requestOfEvent,
  requestOfScreen,
  withRecordedUse,
} from "./describe.ts";
import { isDialogOf } from "./is-asked.ts";
import { isWaiting } from "./waiters.ts";

/**
 * What the agent asks, in full: first what its state reports, then what else its hooks wait for. Requests that no hook
 * waits for any more stand behind the one on the screen: keys reach them only when they are shown. The screen is asked
 * only where keys must answer.
 */
export async function openRequests(
  agent: Agent,
  evidence: StateEvidence,
  report: StateReport,
  from: {
    folder: string;
    screen: () => Promise<Screen | undefined>;
    recordedUses: EventSurroundings["recordedUses"];
  },
): Promise<AgentRequest[]> {
  const { waitingFor, since } = report;
  // An agent that hit a limit may ask, too: it is errored, and shows what Claude Code offers a subscriber.
  if (!waitingFor) return [];
  const pending = pendingWithUses(eventsOfLaunch(evidence));
  const told = await Promise.all(
    pending.map((one) => {
      const isWaitedFor = one.request.waiter !== undefined && isWaiting(from.folder, one.request.waiter);
      return requestOfEvent(one, { cwd: agent.cwd, isWaitedFor, since, recordedUses: from.recordedUses });
    }),
  );
  const open = await withoutSettled(told, from.recordedUses);
  const reported = open.find(({ requestId }) => requestId === waitingFor.requestId);
  const others = open.filter((request) => request !== reported);
  if (reported?.via === "hook") return [reported, ...others];
  // Told by a hook, and settled: what the screen shows is something else, under a name that it will yet get.
  if (!reported && told.some(({ requestId }) => requestId === waitingFor.requestId)) return others;
  const screen = evidence.screen ?? (await from.screen());
  if (reported) return [screen ? withScreen(reported, screen) : reported, ...others];
  // Only the screen knows it: what hooks wait for meanwhile is asked behind it.
  const dialog = screen && recogniseDialog(screen);
  const lines = screen && dialog ? dialogLines(screen) : [];
  const shown = requestOfScreen(waitingFor, { dialog, lines, since });
  const first = screen && dialog ? await withUse(shown, { ...from, dialog, screen, cwd: agent.cwd }) : shown;
  return [first, ...others.filter(({ via }) => via === "hook")];
}

/** A refusal leaves no event: only its result in the transcript tells that it is not asked any more. */
async function withoutSettled(
  requests: readonly AgentRequest[],
  recordedUses: EventSurroundings["recordedUses"],
): Promise<AgentRequest[]> {
  const isSure = ({ via, evidence }: AgentRequest) => via === "hook" || evidence.toolUseId === null;
  if (requests.every(isSure)) return [...requests];
  const settled = (await recordedUses()).filter(({ isSettled }) => isSettled).map(({ id }) => id);
  return requests.filter((request) => isSure(request) || !settled.includes(request.evidence.toolUseId ?? ""));
}

/** No hook told of it (an adopted agent has none of ours), but the transcript may know which use of a tool is asked about. */
async function withUse(
  request: AgentRequest,
  about: { dialog: Dialog; screen: Screen; cwd: string; recordedUses: EventSurroundings["recordedUses"] },
): Promise<AgentRequest> {
  if (request.kind === "dialog") return request;
  for (const use of await about.recordedUses()) {
    if (use.isSettled) continue;
    const told = await withRecordedUse(request, use, about.cwd);
    if (isDialogOf(about.dialog, about.screen, told)) return told;
  }
  return request;
}

/** Where keys must answer it: what the screen offers. */
function withScreen(request: AgentRequest, screen: Screen): AgentRequest {
  const dialog = recogniseDialog(screen);
  if (!dialog || request.kind === "question" || !isDialogOf(dialog, screen, request)) return request;
  const { remembers: _, ...others } = request;
  return {
    ...others,
    ...(dialog.options.length === 0 ? {} : { options: dialog.options }),
    ...(request.kind === "plan" && request.plan === undefined ? { screen: dialogLines(screen) } : {}),
    ...canRemember(request.kind === "permission" ? rememberLabel(dialog) : undefined),
  };
}

/**
 * Tells of the name of a hook that waits whether its request is still asked. A person's No leaves no event, but then the
 * agent is idle: only a subagent in the background can still ask.
 */
export function askedWaiters(evidence: StateEvidence): (waiter: string) => boolean {
  const status = evidence.session?.status;
  const isIdle = status === "idle" || status === "shell";
  const asked = pendingWithUses(eventsOfLaunch(evidence)).filter(
    ({ request }) => !isIdle || request.subagentId !== null,
  );
  const names = asked.flatMap(({ request }) => request.waiter ?? []);
  return (waiter) => names.includes(waiter);
}
