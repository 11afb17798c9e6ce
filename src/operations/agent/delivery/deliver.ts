import type { Agent, StateReport } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import { type Message, ORCHESTRATOR } from "../../../core/message.ts";
import type { AgentProgram, InputPlan } from "../../../core/ports/agent-program.ts";
import type { Screen, TerminalBackend } from "../../../core/ports/terminal-backend.ts";
import type { Context } from "../../context.ts";
import { followConversation } from "../follow-conversation.ts";
import { observeAgent } from "../observe.ts";
import { clearDraft, peek } from "./draft.ts";
import { breaksHold, limitEnd } from "./limit.ts";
import { closeLimitDialog } from "./limit-dialog.ts";
import { type Prompt, promptOf } from "./protocol.ts";
import { proveDelivery } from "./prove.ts";
import { queueResume } from "./resume.ts";
import { endUndelivered } from "./undelivered.ts";

/** What one attempt at the head of an agent's queue came to. */
export type Attempt =
  | { outcome: "settled" }
  /** Another message has to go first, and was put into the queue for that. */
  | { outcome: "overtaken"; by: string }
  /**
   * The agent cannot take a prompt now, and nothing was typed; or it has this one in its own queue. It may be held by a
   * limit, until then (epoch ms).
   */
  | { outcome: "not-now"; report: StateReport; heldUntil?: number };

export interface Delivery {
  context: Context;
  agent: Agent;
  backend: TerminalBackend;
  program: AgentProgram;
}

/**
 * Types one queued message and proves its arrival (architecture §4). The caller holds the agent's input lease.
 * The row says `typed`, with the evidence positions, before the first key: after a crash at any instruction the row and
 * the evidence tell what happened.
 */
export async function deliver(delivery: Delivery, message: Message): Promise<Attempt> {
  const { context, agent, program } = delivery;
  // Side by side: each look costs milliseconds, and the prompt waits for both.
  const [report, screen] = await Promise.all([observeAgent(context, agent), peek(delivery)]);
  const held = await obeyLimit(delivery, message, report);
  if (held) return held;
  const isReady = await becomeReady(delivery, message, { report, screen });
  if (!isReady) return { outcome: "not-now", report };

  const conversationId = await followConversation(context, agent);
  let plan: InputPlan;
  let prompt: Prompt;
  try {
    prompt = await promptOf(context, agent, message, conversationId);
    plan = await program.planInput(agent, prompt.text, { isExact: message.exact });
  } catch (error) {
    // Whoever works on the queue now may not be its sender: the message itself carries the reason.
    if (!(error instanceof AppError)) throw error;
    await endUndelivered(context, message, { state: "failed", reason: error.message }, ["queued"]);
    return { outcome: "settled" };
  }
  const position = await program.position(agent);
  const isOurs = await context.store.messages.update(
    message.id,
    {
      state: "typed",
      conversationId,
      via: plan.via,
      // Together: what is read from the store (no halves of surrogate pairs, perhaps typed before) shows less of it.
      normalised: [...new Set([...message.normalised, ...plan.normalised])],
      sentText: plan.expected === message.text ? null : plan.expected,
      protocol: prompt.protocol,
      holder: context.processes.self(),
      spoolOffset: position.spool,
      transcriptOffset: position.transcript,
      typedAt: context.clock.now(),
    },
    ["queued"],
  );
  if (!isOurs) return { outcome: "settled" };
  if (!(await type(delivery, message, plan))) {
    const reason = "Claude Code did not take the text from its editor (Ctrl-G); nothing was submitted";
    await endUndelivered(context, message, { state: "failed", reason }, ["typed"]);
    return { outcome: "settled" };
  }
  const typed = { ...message, conversationId, sentText: plan.expected };
  if (await proveDelivery(delivery, typed, position)) return { outcome: "settled" };
  return { outcome: "not-now", report: await observeAgent(context, agent) };
}

/** What a rate or usage limit makes of this attempt; undefined when it goes on. */
async function obeyLimit(
  { context, agent }: Delivery,
  message: Message,
  report: StateReport,
): Promise<Attempt | undefined> {
  const until = await limitEnd(context, agent, report);
  if (message.sender === ORCHESTRATOR && until === undefined) {
    const reason = "the agent goes on without it: somebody has prompted it, or it has ended";
    await endUndelivered(context, message, { state: "failed", reason }, ["queued"]);
    return { outcome: "settled" };
  }
  if (until === undefined || message.sender === ORCHESTRATOR) return undefined;
  if (until > context.clock.now()) {
    return breaksHold(message) ? undefined : { outcome: "not-now", report, heldUntil: until };
  }
  const resume = await queueResume(context, agent, report);
  return resume && { outcome: "overtaken", by: resume.id };
}

/**
 * Fills the box and submits it; false when the program did not take the text. From the first key on nothing is
 * cancelled: an abort must not leave half a prompt.
 */
async function type(delivery: Delivery, message: Message, plan: InputPlan): Promise<boolean> {
  const { agent, backend, context } = delivery;
  if (!agent.terminal) throw new AppError("TERMINAL_GONE", `Agent ${agent.name} has no terminal`);
  // One call of the terminal program where nothing has to be looked at in between.
  if (!plan.settle && message.when !== "now") {
    await backend.input(agent.terminal, [...plan.fill, ...plan.submit]);
    return true;
  }
  await backend.input(agent.terminal, plan.fill);
  if (plan.settle && !(await plan.settle())) return false;
  // Typed into a running turn, a dialog may open at any moment, and Enter would approve it: look once more before Enter.
  const report =
    message.when === "now"
      ? await observeAgent({ ...context, signal: new AbortController().signal }, agent)
      : undefined;
  if (report?.state !== "waiting") await backend.input(agent.terminal, plan.submit);
  return true;
}

/** True when the text may be typed now. Interrupts the running turn first where the message asks for that. */
async function becomeReady(
  delivery: Delivery,
  message: Message,
  { report, screen }: { report: StateReport; screen: Screen | undefined },
): Promise<boolean> {
  switch (report.state) {
    case "idle":
      return clearDraft(delivery, screen);
    case "errored":
      // After an API error the box takes a prompt again; after a crash there is no box.
      if (report.pid === undefined) return false;
      if (!report.waitingFor) return clearDraft(delivery, screen);
      return (await closeLimitDialog(delivery, report)) && clearDraft(delivery, await peek(delivery));
    case "working":
      if (message.when === "now") return clearDraft(delivery, screen, { isWorking: true });
      if (message.when === "interrupt" && delivery.context.interruptedTurns.claim(delivery.agent, report))
        await interruptTurn(delivery);
      return false;
    case "starting":
    case "waiting":
    case "exited":
    case "lost":
      return false;
  }
}

/** Stopping takes some 50 ms; a busy machine may need longer. */
const INTERRUPT_PATIENCE_MS = 3_000;

/**
 * Sends the keys that stop a turn, once, and waits until the agent works no more: nobody may send them again while they
 * are taking effect. The caller sees in the next observation whether it stopped.
 */
export async function interruptTurn(
  { agent, backend, program, context }: Delivery,
  patienceMs = INTERRUPT_PATIENCE_MS,
): Promise<void> {
  if (!agent.terminal) return;
  await backend.input(agent.terminal, program.planInterrupt(), context.signal);
  const deadline = context.clock.monotonic() + Math.min(patienceMs, INTERRUPT_PATIENCE_MS);
  while ((await observeAgent(context, agent)).state === "working") {
    const left = deadline - context.clock.monotonic();
    if (left <= 0) return;
    await program.watch([agent], Math.min(left, 250), context.signal);
  }
}
