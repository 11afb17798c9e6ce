import type { Agent, StateReport } from "../../../core/agent.ts";
import { formatMoment } from "../../../core/duration.ts";
import { AppError } from "../../../core/errors.ts";
import { isOpenInQueue, type Message } from "../../../core/message.ts";
import type { Context } from "../../context.ts";
import { backendOf } from "../observe.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { proveLater } from "./prove-later.ts";
import { recover } from "./recover.ts";
import { endUndelivered } from "./undelivered.ts";

/** A follower looks for itself after this long, in case the leader's word was lost. */
const FOLLOW_MS = 5_000;
/** Behind the watch on the agent's evidence. */
const BLOCKED_MS = 1_000;
/** A limit lasts minutes at least, and every try takes the agent's lease. */
const HELD_MS = 3_000;

/**
 * Works on an agent's queue until `message` has left it, in queue order, whoever sent the messages before it: so senders
 * of one agent help each other and none waits for a process that died.
 *
 * @returns the message as it stands: recorded, answered, failed or unknown
 * @throws WAIT_TIMEOUT while it is still queued (it stays queued), AGENT_NOT_RUNNING (it failed), CANCELLED
 */
export async function driveUntilDelivered(context: Context, message: Message, timeoutMs: number): Promise<Message> {
  const { clock, queueLeaders } = context;
  const { agentId } = message;
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    const current = await context.store.messages.get(message.id);
    if (!current) throw new AppError("MESSAGE_NOT_FOUND", `Message ${message.id} was removed with its agent`);
    if (current.state === "unknown") return await proveLater(context, current);
    if (!isOpenInQueue(current.state)) return current;

    if (queueLeaders.tryLead(agentId)) {
      try {
        await lead(context, current, { deadline, timeoutMs });
      } finally {
        queueLeaders.resign(agentId);
      }
      continue;
    }
    const left = deadline - clock.monotonic();
    if (left <= 0) throw stillQueued(current, timeoutMs, { kind: "leased" }, clock.now());
    const wait = { maxMs: Math.min(left, FOLLOW_MS), clock, signal: context.signal };
    await queueLeaders.follow({ agentId, messageId: message.id }, wait);
  }
}

/** Takes the queue on, one step after the other, until `message` is out of it. */
async function lead(
  context: Context,
  message: Message,
  { deadline, timeoutMs }: { deadline: number; timeoutMs: number },
): Promise<void> {
  const { agentId } = message;
  /** Tells more than that another process is having a look just now. */
  let lastBlocked: Step | undefined;
  for (;;) {
    const step = await stepQueue(context, agentId);
    if (step.kind === "empty") return;
    if (step.kind === "progressed") {
      lastBlocked = undefined;
      context.queueLeaders.announce(agentId, step.messageId);
      if (step.messageId === message.id) return;
      continue;
    }
    // Whoever had the lease in between may have settled this very message: then only a later one is not done.
    const current = await context.store.messages.get(message.id);
    if (!current || !isOpenInQueue(current.state)) return;
    if (step.kind === "blocked" && isGone(step.report)) await failBecauseGone(context, current, step.report);
    if (step.kind === "blocked") lastBlocked = step;
    const left = deadline - context.clock.monotonic();
    if (left <= 0) throw stillQueued(current, timeoutMs, lastBlocked ?? step, context.clock.now());
    if (step.kind === "blocked") {
      context.progress({ message: whyBlocked(step, context.clock.now()) });
      const pauseMs = step.heldUntil === undefined ? BLOCKED_MS : HELD_MS;
      await step.delivery.program.watch([step.delivery.agent], Math.min(left, pauseMs), context.signal);
    } else {
      await context.doorbell.wait(Math.min(left, 500), context.signal);
    }
  }
}

type Step =
  | { kind: "progressed"; messageId: string }
  | { kind: "empty" }
  /** Another process has the agent's input lease. */
  | { kind: "leased" }
  | { kind: "blocked"; report: StateReport; delivery: Delivery; heldUntil?: number };

/** Takes one message of the agent's queue one step further, if the lease is free and the agent can take it. */
export async function stepQueue(context: Context, agentId: string): Promise<Step> {
  const { store, processes } = context;
  if (!(await store.messages.head(agentId))) return { kind: "empty" };
  const token = context.ids.next("nce");
  const holder = { ...processes.self(), token };
  if (!(await store.leases.acquire(agentId, holder, (other) => processes.isAlive(other)))) return { kind: "leased" };
  try {
    // Read again under the lease: the process that had it before may have settled this message.
    const message = await store.messages.head(agentId);
    if (!message) return { kind: "empty" };
    const delivery = await openDelivery(context, agentId);
    const attempt = await (message.state === "queued" ? deliver : recover)(delivery, message);
    switch (attempt.outcome) {
      case "settled":
        return { kind: "progressed", messageId: message.id };
      case "overtaken":
        return { kind: "progressed", messageId: attempt.by };
      case "not-now": {
        const { report, heldUntil } = attempt;
        return { kind: "blocked", report, delivery, ...(heldUntil === undefined ? {} : { heldUntil }) };
      }
    }
  } finally {
    await store.leases.release(agentId, token);
  }
}

async function openDelivery(context: Context, agentId: string): Promise<Delivery> {
  const agent = await context.store.agents.get(agentId);
  if (!agent) throw new AppError("AGENT_NOT_FOUND", `Agent ${agentId} was deleted`);
  const name = await backendOf(context, agent);
  return { context, agent, backend: await context.backend(name), program: await context.program(name) };
}

/** No prompt can be typed any more, and none will be unless somebody starts the agent again. */
export function isGone(report: StateReport): boolean {
  return (
    report.state === "exited" || report.state === "lost" || (report.state === "errored" && report.pid === undefined)
  );
}

/** @throws AGENT_NOT_RUNNING, unless another process has taken the message meanwhile: then it is that one's to settle */
async function failBecauseGone(context: Context, message: Message, report: StateReport): Promise<void> {
  const reason = `the agent is ${report.because}`;
  if (!(await endUndelivered(context, message, { state: "failed", reason }, ["queued"]))) return;
  throw new AppError("AGENT_NOT_RUNNING", `The message was not typed: ${reason}`, {
    details: { messageId: message.id, state: report.state },
  });
}

function whyBlocked(step: Step & { kind: "blocked" }, now: number): string {
  if (step.heldUntil !== undefined) return `held until ${formatMoment(step.heldUntil, now)} by a limit`;
  return `waiting until the agent can take a prompt: ${step.report.because}`;
}

function stillQueued(message: Message, timeoutMs: number, step: Step, now: number): AppError {
  const heldUntil = step.kind === "blocked" ? step.heldUntil : undefined;
  return new AppError(
    "WAIT_TIMEOUT",
    `Not delivered within ${Math.round(timeoutMs / 1000)} s: ${reasonOf(step, now)}`,
    {
      hint: message.state === "queued" ? hintFor(step) : TYPED_HINT,
      details: {
        messageId: message.id,
        state: message.state,
        ...(heldUntil === undefined ? {} : { heldUntil: new Date(heldUntil).toISOString() }),
      },
    },
  );
}

function reasonOf(step: Step, now: number): string {
  if (step.kind !== "blocked") return "another sender is typing";
  if (step.heldUntil !== undefined) return `the agent is ${whyBlocked(step, now)}`;
  return `the agent is ${step.report.because}`;
}

const TYPED_HINT =
  "It is typed already: send it no second time. If it arrives later, claude-orch agent read shows it with its answer.";

function hintFor(step: Step): string {
  if (step.kind === "blocked" && step.heldUntil !== undefined) {
    return "The message stays queued until then. If the limit is over sooner, send with --when now.";
  }
  if (step.kind === "blocked" && step.report.state === "waiting") {
    return "The agent waits for an answer: claude-orch inbox shows what it asks, agent respond answers. The message stays queued.";
  }
  return "The message stays queued and is delivered by the next command that works on this agent.";
}

/**
 * Delivers what is queued for an agent, as far as that goes without waiting; for commands that work on an agent anyway.
 * Errors of single messages stay with these messages.
 * @returns until when (epoch ms) a limit holds the queue, where one does
 */
export async function pumpQueue(context: Context, agent: Agent): Promise<number | undefined> {
  for (;;) {
    try {
      const step = await stepQueue(context, agent.id);
      if (step.kind !== "progressed") return step.kind === "blocked" ? step.heldUntil : undefined;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === "cancelled" || error.kind === "internal") throw error;
      context.logger.warn("delivery.pump-failed", { agentId: agent.id, code: error.code });
      return undefined;
    }
  }
}
