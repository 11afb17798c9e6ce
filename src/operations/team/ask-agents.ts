import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { isOpenInQueue, type Message } from "../../core/message.ts";
import { type Coordination, type Reply, stepKey } from "../../core/team/coordination.ts";
import type { Ask } from "../../core/team/next-step.ts";
import { settleAnswer } from "../agent/delivery/answer.ts";
import { isGone, pumpQueue } from "../agent/delivery/drive.ts";
import { goesOnBefore } from "../agent/delivery/resume.ts";
import { submitMessage, withdrawIfQueued } from "../agent/delivery/submit.ts";
import { observeAgent } from "../agent/observe.ts";
import { watchEvidence } from "../agent/watch.ts";
import type { Context } from "../context.ts";

/** How one prompt of a step stands. */
type Look =
  | { kind: "settled"; reply: Reply }
  | {
      kind: "open";
      agent: Agent;
      message: Message;
      /** Why there is no answer yet. */
      because: string;
      /** Since when (epoch ms) it only goes on with a person's help. */
      stuckSince?: number;
    };

/** Monotonic ms. */
export interface AskBounds {
  /** From then on nobody is waited for: the coordination goes on with what there is. */
  deadline: number;
  /** From then on this caller waits no more; the coordination stays where it is. */
  until: number;
}

/** Behind the watch on the agents' evidence; a cancellation is seen after this long, too. */
const LOOK_EVERY_MS = 1_000;
const NO_TIME = "it did not answer in time";

/**
 * Takes a step: each agent gets its prompt once, whoever asks how often, and what it answers is read. An agent that fails,
 * ends, or needs a person longer than the coordination's patience keeps nobody waiting.
 * @returns one reply an agent; undefined when the coordination was ended meanwhile, or the caller waits no more
 */
export async function askAgents(
  context: Context,
  coordination: Coordination,
  { label, asks }: { label: string; asks: readonly Ask[] },
  { deadline, until }: AskBounds,
): Promise<Reply[] | undefined> {
  const { clock, store } = context;
  // What somebody said stays said, should the agent be deleted before the others are through.
  const settled = new Map<string, Look>();
  for (;;) {
    const isTimeUp = clock.monotonic() >= deadline;
    const looks = await Promise.all(
      asks.map(
        async (ask) =>
          settled.get(ask.agentId) ?? (await look(context, coordination, { label, ask, deadline, isTimeUp })),
      ),
    );
    for (const [index, { agentId }] of asks.entries()) {
      const one = looks[index];
      if (one?.kind === "settled") settled.set(agentId, one);
    }
    const open = looks.filter((one) => one.kind === "open");
    if ((await store.coordinations.get(coordination.id))?.state !== "running") {
      for (const { message } of open) await withdrawIfQueued(context, message.id, "the coordination was cancelled");
      return undefined;
    }
    const isStuck = open.every(
      ({ stuckSince }) => stuckSince !== undefined && clock.now() - stuckSince >= coordination.patienceMs,
    );
    if (isTimeUp || isStuck) {
      return Promise.all(looks.map((one) => (one.kind === "settled" ? one.reply : giveUp(context, one, isTimeUp))));
    }
    if (clock.monotonic() >= until) return undefined;
    const done = asks.length - open.length;
    const message = open.map(({ agent, because }) => `${agent.name}: ${because}`).join("; ");
    context.progress({ message, done, total: asks.length });
    await watchEvidence(
      context,
      open.map(({ agent }) => agent),
      Math.max(0, Math.min(deadline - clock.monotonic(), until - clock.monotonic(), LOOK_EVERY_MS)),
    );
  }
}

async function look(
  context: Context,
  { id }: Coordination,
  { label, ask, deadline, isTimeUp }: { label: string; ask: Ask; deadline: number; isTimeUp: boolean },
): Promise<Look> {
  const { store } = context;
  const agent = await store.agents.get(ask.agentId);
  if (!agent) return noAnswer(ask.agentId, "it was deleted");
  const key = stepKey(id, label, agent.id);
  let message = await store.messages.findByIdempotencyKey(agent.id, key);
  if (!message && isTimeUp) return noAnswer(agent.id, NO_TIME);
  try {
    message ??= await submitMessage(context, agent, {
      text: ask.text,
      isExact: false,
      when: "idle",
      idempotencyKey: key,
    });
  } catch (error) {
    if (!(error instanceof AppError) || isOurs(error)) throw error;
    return noAnswer(agent.id, error.message);
  }
  // Its answer is the coordination's to read: the inbox shows that instead.
  if (message.seenAt === null) await store.messages.update(message.id, { seenAt: context.clock.now() });
  try {
    return await follow(context, agent, message, deadline);
  } catch (error) {
    if (!(error instanceof AppError) || isOurs(error)) throw error;
    // Its terminal or its files cannot be reached: that may pass, but the others do not wait for it.
    return { kind: "open", agent, message, because: error.message, stuckSince: message.createdAt };
  }
}

/** How a prompt stands that was sent: delivered and answered as far as that goes now. */
async function follow(context: Context, agent: Agent, sent: Message, deadline: number): Promise<Look> {
  const message = await moveOn(context, agent, sent);
  if (!message) return noAnswer(agent.id, "it was deleted");
  switch (message.state) {
    case "answered":
      return { kind: "settled", reply: readReply(message) };
    case "failed":
    case "unknown": {
      const reason = message.reason ?? "no reason is known";
      const said = message.state === "failed" ? reason : `whether it was asked cannot be proved: ${reason}`;
      return noAnswer(agent.id, said, message.id);
    }
    case "queued":
    case "typed":
    case "submitted":
    case "recorded":
      return openLook(context, agent, message, deadline);
  }
}

function noAnswer(agentId: string, reason: string, messageId: string | null = null): Look {
  return { kind: "settled", reply: { agentId, messageId, text: null, reason } };
}

/** Delivers it, and stores its answer, as far as that goes now; undefined when it was removed with its agent. */
async function moveOn(context: Context, agent: Agent, message: Message): Promise<Message | undefined> {
  let current: Message | undefined = message;
  if (isOpenInQueue(message.state)) {
    await pumpQueue(context, agent);
    current = await context.store.messages.get(message.id);
  }
  const fresh = await context.store.agents.get(agent.id);
  return current && fresh && settleAnswer(context, fresh, current);
}

async function openLook(context: Context, agent: Agent, message: Message, deadline: number): Promise<Look> {
  const report = await observeAgent(context, agent);
  const open = { kind: "open", agent, message } as const;
  const isHeld = report.state === "errored" && (await goesOnBefore(context, agent, report, deadline));
  if (report.state === "waiting" || (report.state === "errored" && !isHeld)) {
    const asked = report.waitingFor?.summary ?? report.error?.message;
    const what = report.state === "waiting" ? "it waits for a person" : "it cannot go on";
    return { ...open, because: asked === undefined ? what : `${what}: ${asked}`, stuckSince: report.since };
  }
  // Nobody types into it any more; an answer that was under way is read as far as it came.
  if (isGone(report) && message.state === "queued")
    return { ...open, because: `it is ${report.because}`, stuckSince: 0 };
  return { ...open, because: message.state === "recorded" ? "it is working" : "it has not taken its prompt yet" };
}

function readReply(message: Message): Reply {
  const { answer, agentId, id: messageId } = message;
  const none = (reason: string): Reply => ({ agentId, messageId, text: null, reason });
  if (!answer) return none(NO_TIME);
  if (answer.isError) return none(`its turn failed: ${message.reason ?? (answer.text || "no reason is known")}`);
  if (answer.interrupted) return none("its turn was interrupted");
  return { agentId, messageId, text: answer.text, reason: null };
}

/** The coordination goes on without it. What was not typed yet is taken back: nobody would read the answer. */
async function giveUp(
  context: Context,
  { agent, message, because, stuckSince }: Look & { kind: "open" },
  isTimeUp: boolean,
): Promise<Reply> {
  const reason = stuckSince !== undefined || !isTimeUp ? because : `${NO_TIME}: ${because}`;
  await withdrawIfQueued(context, message.id, "the coordination went on without it");
  return { agentId: agent.id, messageId: message.id, text: null, reason };
}

/** Not the agent's failure: to be tried again by whoever works on the coordination next. */
function isOurs(error: AppError): boolean {
  return error.kind === "cancelled" || error.kind === "internal" || error.code.startsWith("STORE_");
}
