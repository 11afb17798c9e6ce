import type { Agent } from "../../../core/agent.ts";
import type { AgentEvent } from "../../../core/agent-event.ts";
import type { LogLine } from "../../../core/ports/logger.ts";
import type { Context } from "../../context.ts";
import { backendOf, observeAgent } from "../observe.ts";
import { conversationEvents } from "./conversation-events.ts";
import { loggedEvents } from "./logged-events.ts";
import { messageEvents } from "./message-events.ts";
import { requestEvents } from "./request-events.ts";
import { stateEvents } from "./state-events.ts";
import { taskEvents } from "./task-events.ts";
import { toolEvents } from "./tool-events.ts";

/** More than an agent asks in the time that answers are kept. */
const MAX_ANSWERS = 10_000;

/**
 * What happened with an agent at `since` (epoch ms) or later, oldest first. Nothing is stored for it: the rows of the
 * store, the agent's hooks and transcripts, its state now, and the log tell each their part.
 */
export async function gatherEvents(context: Context, agent: Agent, since: number): Promise<AgentEvent[]> {
  const lines = await context.log.ofAgent(agent.id, Math.max(since, agent.createdAt));
  const events = [
    ...beginnings(agent, lines),
    ...(await childEvents(context, agent)),
    ...(await fromStore(context, agent, lines)),
    ...(await fromProgram(context, agent, since)),
  ].filter(({ at }) => at >= since);
  if (agent.launchedAt === null) return events.toSorted((a, b) => a.at - b.at);
  const known = new Set(events.map(sameness));
  // The state of now may be what a row or the transcript has told already.
  const news = stateEvents(await observeAgent(context, agent)).filter(
    (event) => event.at >= since && !known.has(sameness(event)),
  );
  return [...events, ...news].toSorted((a, b) => a.at - b.at);
}

function beginnings(agent: Agent, lines: readonly LogLine[]): AgentEvent[] {
  const { createdAt, launchedAt, role } = agent;
  const logged = lines.flatMap(loggedEvents);
  const spawned: AgentEvent = { at: createdAt, kind: "lifecycle.spawned", summary: `made for the role ${role}`, role };
  const isLogged = logged.some(({ at, kind }) => kind === "lifecycle.launched" && at >= (launchedAt ?? 0));
  if (isLogged || launchedAt === null || agent.isAdopted) return [spawned, ...logged];
  // Where nothing is logged at `info`, at least the last launch is known.
  return [spawned, { at: launchedAt, kind: "lifecycle.launched", summary: `launched as ${role}`, role }, ...logged];
}

async function childEvents({ store }: Context, agent: Agent): Promise<AgentEvent[]> {
  const children = (await store.agents.list(agent.sessionId)).filter(({ parentId }) => parentId === agent.id);
  return children.map(({ id, name, createdAt }) => ({
    at: createdAt,
    kind: "lifecycle.child-spawned",
    summary: `the agent ${name} works for it`,
    child: { id, name },
  }));
}

async function fromStore({ store }: Context, agent: Agent, lines: readonly LogLine[]): Promise<AgentEvent[]> {
  const failures = lines.filter(({ event }) => event === "message.failed" || event === "message.unknown");
  const failedAt = new Map(failures.map(({ at, fields }) => [fields.messageId, at]));
  const isWorker = (await store.tasks.workers([agent.id])).has(agent.id);
  const [messages, answers, tasks] = await Promise.all([
    store.messages.list(agent.id),
    store.answers.list({ agentId: agent.id, limit: MAX_ANSWERS }),
    isWorker ? store.tasks.list({ sessionId: agent.sessionId }) : [],
  ]);
  return [
    ...tasks.flatMap((task) => taskEvents(task, agent.id)),
    ...messages.flatMap((message) => messageEvents(message, failedAt.get(message.id))),
    ...answers.flatMap(requestEvents),
  ];
}

async function fromProgram(context: Context, agent: Agent, since: number): Promise<AgentEvent[]> {
  const program = await context.program(await backendOf(context, agent));
  const decisions = await program.decisions(agent, { since, home: context.caller.env.HOME ?? null });
  const conversations = await context.store.conversations.list(agent.id);
  const said = await Promise.all(conversations.map(({ id }) => conversationEvents(program, agent, id)));
  return [...said.flat(), ...decisions.flatMap(toolEvents)];
}

function sameness({ kind, requestId, at }: AgentEvent): string {
  return kind === "request.asked" ? `${kind} ${requestId}` : `${kind} ${at}`;
}
