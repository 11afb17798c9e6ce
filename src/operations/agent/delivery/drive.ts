import type { Agent, StateReport } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import { isOpenInQueue, type Message } from "../../../core/message.ts";
import type { Context } from "../../context.ts";
import { backendOf } from "../observe.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { recover } from "./recover.ts";

/**
 * Works on an agent's queue until `message` has left it, in queue order, whoever sent the messages before it: so senders
 * of one agent help each other and none waits for a process that died.
 *
 * @returns the message as it stands: recorded, answered, failed or unknown
 * @throws WAIT_TIMEOUT while it is still queued (it stays queued), AGENT_NOT_RUNNING (it failed), CANCELLED
 */
export async function driveUntilDelivered(context: Context, message: Message, timeoutMs: number): Promise<Message> {
  const deadline = context.clock.monotonic() + timeoutMs;
  for (;;) {
    const current = await context.store.messages.get(message.id);
    if (!current) throw new AppError("MESSAGE_NOT_FOUND", `Message ${message.id} was removed with its agent`);
    if (!isOpenInQueue(current.state)) return current;

    const step = await stepQueue(context, message.agentId);
    if (step.kind === "progressed") continue;
    if (step.kind === "blocked" && isGone(step.report)) await failBecauseGone(context, current, step.report);
    const left = deadline - context.clock.monotonic();
    if (left <= 0) throw stillQueued(current, timeoutMs, step);
    if (step.kind === "blocked") {
      context.progress({ message: `waiting until the agent can take a prompt: ${step.report.because}` });
      await step.delivery.program.watch([step.delivery.agent], Math.min(left, 1_000), context.signal);
    } else {
      await context.doorbell.wait(Math.min(left, 500), context.signal);
    }
  }
}

type Step =
  | { kind: "progressed" }
  | { kind: "empty" }
  /** Another process has the agent's input lease. */
  | { kind: "leased" }
  | { kind: "blocked"; report: StateReport; delivery: Delivery };

/** Takes one message of the agent's queue one step further, if the lease is free and the agent can take it. */
export async function stepQueue(context: Context, agentId: string): Promise<Step> {
  const { store, processes } = context;
  const head = nextOf(await store.messages.queue(agentId));
  if (!head) return { kind: "empty" };
  const token = context.ids.next("nce");
  const holder = { ...processes.self(), token };
  if (!(await store.leases.acquire(agentId, holder, (other) => processes.isAlive(other)))) return { kind: "leased" };
  try {
    // Read again under the lease: the process that had it before may have settled this message.
    const message = nextOf(await store.messages.queue(agentId));
    if (!message) return { kind: "empty" };
    const delivery = await openDelivery(context, agentId);
    if (message.state !== "queued") {
      await recover(delivery, message);
      return { kind: "progressed" };
    }
    const attempt = await deliver(delivery, message);
    return attempt.outcome === "settled"
      ? { kind: "progressed" }
      : { kind: "blocked", report: attempt.report, delivery };
  } finally {
    await store.leases.release(agentId, token);
  }
}

/** What was typed is settled first; then those that do not wait for idle; then in order. */
function nextOf(queue: readonly Message[]): Message | undefined {
  return queue.find(({ state }) => state !== "queued") ?? queue.find(({ when }) => when !== "idle") ?? queue[0];
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

async function failBecauseGone(context: Context, message: Message, report: StateReport): Promise<never> {
  const reason = `the agent is ${report.state}: ${report.because}`;
  await context.store.messages.update(message.id, { state: "failed", reason }, ["queued"]);
  throw new AppError("AGENT_NOT_RUNNING", `The message was not typed: ${reason}`, {
    details: { messageId: message.id, state: report.state },
  });
}

function stillQueued(message: Message, timeoutMs: number, step: Step): AppError {
  const why =
    step.kind === "blocked" ? `the agent is ${step.report.state}: ${step.report.because}` : "another sender is typing";
  const hint =
    step.kind === "blocked" && step.report.state === "waiting"
      ? "The agent waits for an answer; look with claude-orch agent screen. The message stays queued."
      : "The message stays queued and is delivered by the next command that works on this agent.";
  return new AppError("WAIT_TIMEOUT", `Not delivered within ${Math.round(timeoutMs / 1000)} s: ${why}`, {
    hint,
    details: { messageId: message.id, state: message.state },
  });
}

/**
 * Delivers what is queued for an agent, as far as that goes without waiting; for commands that work on an agent anyway.
 * Errors of single messages stay with these messages.
 */
export async function pumpQueue(context: Context, agent: Agent): Promise<void> {
  for (;;) {
    try {
      const step = await stepQueue(context, agent.id);
      if (step.kind !== "progressed") return;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === "cancelled" || error.kind === "internal") throw error;
      context.logger.warn("delivery.pump-failed", { agentId: agent.id, code: error.code });
      return;
    }
  }
}
