import type { Agent, StateReport } from "../../core/agent.ts";
import type { Screen } from "../../core/ports/terminal-backend.ts";
import type { AgentRequest } from "../../core/request.ts";
import { dialogLines, recogniseDialog } from "../screens/dialog.ts";
import { eventsOfLaunch, type StateEvidence } from "../state/evidence.ts";
import { pendingWithUses } from "../state/pending-request.ts";
import { rememberIndex, requestOfEvent, requestOfScreen } from "./describe.ts";
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
  from: { folder: string; screen: () => Promise<Screen | undefined> },
): Promise<AgentRequest[]> {
  const { waitingFor, since } = report;
  if (report.state !== "waiting" || !waitingFor) return [];
  const pending = pendingWithUses(eventsOfLaunch(evidence));
  const open = await Promise.all(
    pending.map((one) => {
      const isWaitedFor = one.request.waiter !== undefined && isWaiting(from.folder, one.request.waiter);
      return requestOfEvent(one, { cwd: agent.cwd, isWaitedFor, since });
    }),
  );
  const reported = open.find(({ requestId }) => requestId === waitingFor.requestId);
  const others = open.filter((request) => request !== reported);
  if (reported?.via === "hook") return [reported, ...others];
  const screen = evidence.screen ?? (await from.screen());
  if (reported) return [screen ? withScreen(reported, screen) : reported, ...others];
  // Only the screen knows it: what hooks wait for meanwhile is asked behind it.
  const dialog = screen && recogniseDialog(screen);
  const lines = screen && dialog ? dialogLines(screen) : [];
  return [requestOfScreen(waitingFor, { dialog, lines, since }), ...others.filter(({ via }) => via === "hook")];
}

/** Where keys must answer it: what the screen offers. */
function withScreen(request: AgentRequest, screen: Screen): AgentRequest {
  const dialog = recogniseDialog(screen);
  if (!dialog || request.kind === "question" || !isDialogOf(dialog, screen, request)) return request;
  return {
    ...request,
    ...(dialog.options.length === 0 ? {} : { options: dialog.options }),
    ...(request.kind === "plan" && request.plan === undefined ? { screen: dialogLines(screen) } : {}),
    canRemember: request.kind === "permission" && rememberIndex(dialog) >= 0,
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
