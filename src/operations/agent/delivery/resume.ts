import type { Agent, StateReport } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import { type Message, ORCHESTRATOR } from "../../../core/message.ts";
import type { Context } from "../../context.ts";
import { observeAgent, observeAgents } from "../observe.ts";
import { limitEnd, mayGoOnAt } from "./limit.ts";
import { newMessage } from "./submit.ts";

const RESUME_TEXT = "The limit that stopped you is over. Continue where you left off.";

/**
 * Queues the one message that lets an agent go on once its limit is over, in front of what else is queued. The key names
 * the turn that failed, so that of all processes that see it only one is the first.
 * @returns the message, or undefined where there is nothing to do: it is too early, it was done, or it is switched off
 */
export async function queueResume(context: Context, agent: Agent, report: StateReport): Promise<Message | undefined> {
  if (!context.settings.autoResume) return undefined;
  const until = await limitEnd(context, agent, report);
  if (until === undefined || until > context.clock.now()) return undefined;
  const idempotencyKey = `resume:${agent.launchedAt}:${report.failedTurn?.id ?? report.since}`;
  try {
    return await context.store.transaction(async ({ messages }) => {
      if (await messages.findByIdempotencyKey(agent.id, idempotencyKey)) return undefined;
      if (isUnderWay(await messages.head(agent.id))) return undefined;
      const message = newMessage(context, agent, { text: RESUME_TEXT, sender: ORCHESTRATOR, idempotencyKey });
      context.logger.info("limit.resumed", { agentId: agent.id, messageId: message.id, kind: report.error?.kind });
      return messages.insert(message);
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "IDEMPOTENCY_KEY_REUSED") return undefined;
    throw error;
  }
}

/**
 * Whether an agent that hit a limit goes on by itself before `deadline` (monotonic ms); queues what makes it go on when
 * the limit is over. For whoever waits for the agent.
 */
export async function goesOnBefore(
  context: Context,
  agent: Agent,
  report: StateReport,
  deadline: number,
): Promise<boolean> {
  const until = await limitEnd(context, agent, report);
  if (until === undefined || !context.settings.autoResume) return false;
  if (await isGoingOn(context, agent, report)) return true;
  const now = context.clock.now();
  if (until > now) return context.clock.monotonic() + mayGoOnAt(report, until) - now < deadline;
  return (await queueResume(context, agent, report)) !== undefined || isGoingOn(context, agent, report);
}

/** Another process was faster: what makes the agent go on is under way, or was typed since this report. */
async function isGoingOn(context: Context, agent: Agent, report: StateReport): Promise<boolean> {
  if (isUnderWay(await context.store.messages.head(agent.id))) return true;
  return (await observeAgent(context, agent)).failedTurn?.id !== report.failedTurn?.id;
}

/** A resume, or a prompt that is being typed and takes its place. */
function isUnderWay(head: Message | undefined): boolean {
  return head !== undefined && (head.sender === ORCHESTRATOR || head.state !== "queued");
}

/**
 * Lets all agents go on whose limit is over. For long-lived processes.
 * @returns when the next limit ends (epoch ms), undefined when no agent is held
 */
export async function resumeHeld(context: Context): Promise<number | undefined> {
  if (!context.settings.autoResume) return undefined;
  const agents = (await context.store.agents.list()).filter(({ lifecycle }) => lifecycle === "open");
  const reports = await observeEach(context, agents);
  let next: number | undefined;
  for (const [index, agent] of agents.entries()) {
    const report = reports[index];
    const until = report && (await limitEnd(context, agent, report));
    if (!report || until === undefined) continue;
    if (until <= context.clock.now()) await queueResume(context, agent, report);
    else next = Math.min(next ?? until, until);
  }
  return next;
}

/** All at once, which is cheapest; one by one where that fails, so that one agent does not keep the others from going on. */
async function observeEach(context: Context, agents: readonly Agent[]): Promise<(StateReport | undefined)[]> {
  try {
    return await observeAgents(context, agents);
  } catch {
    return Promise.all(agents.map((agent) => observeAgent(context, agent).catch(() => undefined)));
  }
}
