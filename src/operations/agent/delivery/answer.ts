import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Message } from "../../../core/message.ts";
import type { Context } from "../../context.ts";
import { backendOf, observeAgent } from "../observe.ts";
import { isGone } from "./drive.ts";
import { proveUnknown } from "./prove-later.ts";

/**
 * Waits until the turn that a recorded message started is over and stores its answer.
 * @throws ANSWER_TIMEOUT (the turn goes on), CANCELLED
 */
export async function awaitAnswer(
  context: Context,
  agent: Agent,
  message: Message,
  timeoutMs: number,
): Promise<Message> {
  const program = await context.program(await backendOf(context, agent));
  const deadline = context.clock.monotonic() + timeoutMs;
  let current = message;
  for (;;) {
    current = await settleAnswer(context, agent, current);
    if (current.state === "answered" || current.state === "failed") return current;
    const left = deadline - context.clock.monotonic();
    if (left <= 0) {
      throw new AppError(
        "ANSWER_TIMEOUT",
        `Agent ${agent.name} has not finished this turn after ${Math.round(timeoutMs / 1000)} s`,
        {
          details: { messageId: message.id, state: current.state },
        },
      );
    }
    context.progress({ message: `${agent.name} is working` });
    await program.watch([agent], Math.min(left, 1_000), context.signal);
  }
}

/** Stores the answer of a recorded message if its turn is over; returns the message as it now stands. */
export async function settleAnswer(context: Context, agent: Agent, message: Message): Promise<Message> {
  const { store, clock } = context;
  if (message.state !== "recorded" || !message.conversationId || !message.promptId) return message;
  const program = await context.program(await backendOf(context, agent));
  const turn = await program.turn(agent, message.conversationId, message.promptId, message.transcriptOffset ?? 0);
  if (turn?.isOver) {
    await store.messages.update(message.id, { state: "answered", answer: turn.answer, answeredAt: clock.now() }, [
      "recorded",
    ]);
    return (await store.messages.get(message.id)) ?? message;
  }
  // The process ended in the middle of the turn: what there is, is all there will be.
  const report = await observeAgent(context, agent);
  const isAbandoned = isGone(report) || (agent.conversationId !== message.conversationId && report.state === "idle");
  if (!isAbandoned) return message;
  const partial = turn?.answer;
  const answer = {
    text: partial?.text ?? "",
    toolUses: partial?.toolUses ?? [],
    stopReason: partial?.stopReason ?? null,
    interrupted: true,
    isError: true,
    durationMs: partial?.durationMs ?? null,
    usage: partial?.usage ?? null,
  };
  await store.messages.update(
    message.id,
    { state: "answered", answer, answeredAt: clock.now(), reason: `the turn was cut off: ${report.because}` },
    ["recorded"],
  );
  return (await store.messages.get(message.id)) ?? message;
}

/** Stores the answers of all finished turns of an agent, of those too whose delivery is proved only now. */
export async function settleAnswers(context: Context, agent: Agent): Promise<void> {
  await proveUnknown(context, agent);
  for (const message of await context.store.messages.unanswered(agent.id)) await settleAnswer(context, agent, message);
}
