import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Answer, Message } from "../../../core/message.ts";
import type { Logger } from "../../../core/ports/logger.ts";
import type { Context } from "../../context.ts";
import { backendOf, observeAgent } from "../observe.ts";
import { isGone } from "./drive.ts";
import { proveUnknown } from "./prove-later.ts";

/**
 * Waits until the turn that a recorded message started is over and stores its answer.
 * @throws ANSWER_TIMEOUT (the turn goes on), MESSAGE_NOT_FOUND (the agent was deleted), CANCELLED
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
    // As it is now: it may have followed its person into another conversation when this message was delivered.
    const present = await context.store.agents.get(agent.id);
    if (!present)
      throw new AppError("MESSAGE_NOT_FOUND", `Message ${message.id} was removed with its agent ${agent.name}`);
    current = await settleAnswer(context, present, current);
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
    await program.watch([present], Math.min(left, 1_000), context.signal);
  }
}

/** Stores the answer of a recorded message if its turn is over; returns the message as it now stands. */
export async function settleAnswer(context: Context, agent: Agent, message: Message): Promise<Message> {
  if (message.state !== "recorded" || !message.conversationId) return message;
  const { conversationId, transcriptOffset } = message;
  const program = await context.program(await backendOf(context, agent));
  const promptId = message.promptId ?? (await findPromptId(context, agent, message));
  const look = async () =>
    promptId === null ? undefined : program.turn(agent, conversationId, promptId, transcriptOffset ?? 0);
  const turn = await look();
  if (turn?.isOver) return storeAnswer(context, message, { answer: turn.answer });
  // The process ended in the middle of the turn: what there is, is all there will be.
  const report = await observeAgent(context, agent);
  const isAbandoned = isGone(report) || (agent.conversationId !== conversationId && report.state === "idle");
  if (!isAbandoned) return message;
  // Between the two looks the turn may have come to its end, and the process after it.
  const last = await look();
  if (last?.isOver) return storeAnswer(context, message, { answer: last.answer });
  const partial = last?.answer;
  const answer = {
    text: partial?.text ?? "",
    toolUses: partial?.toolUses ?? [],
    stopReason: partial?.stopReason ?? null,
    interrupted: true,
    isError: true,
    durationMs: partial?.durationMs ?? null,
    usage: partial?.usage ?? null,
  };
  return storeAnswer(context, message, { answer, reason: `the turn was cut off: ${report.because}` });
}

/**
 * Recorded from evidence that did not name its turn, as of a message that a running turn took up before that turn's start
 * was read: the transcript may tell now. Null when it does not; then only the end of the process ends the wait.
 */
async function findPromptId(context: Context, agent: Agent, message: Message): Promise<string | null> {
  const program = await context.program(await backendOf(context, agent));
  const position = { spool: message.spoolOffset ?? 0, transcript: message.transcriptOffset ?? 0 };
  const text = message.sentText ?? message.text;
  const { submitted, recorded } = await program.delivery(agent, message.conversationId ?? "", text, position);
  const promptId = recorded?.promptId ?? submitted?.promptId ?? null;
  if (promptId !== null) await context.store.messages.update(message.id, { promptId }, ["recorded"]);
  return promptId;
}

async function storeAnswer(
  { store, clock, logger }: Context,
  message: Message,
  result: { answer: Answer } & Partial<Pick<Message, "reason">>,
): Promise<Message> {
  const change = { ...result, state: "answered" as const, answeredAt: clock.now() };
  if (await store.messages.update(message.id, change, ["recorded"])) logAnswer(logger, message, result.answer);
  return (await store.messages.get(message.id)) ?? message;
}

function logAnswer(logger: Logger, { id: messageId, agentId }: Message, answer: Answer): void {
  const { durationMs, usage, isError, interrupted, text } = answer;
  const about = { agentId, messageId };
  logger[isError ? "warn" : "info"]("message.answered", { ...about, durationMs, usage, isError, interrupted });
  logger.debug("message.answer-text", { ...about, text });
}

/** Stores the answers of all finished turns of an agent, of those too whose delivery is proved only now. */
export async function settleAnswers(context: Context, agent: Agent): Promise<void> {
  await proveUnknown(context, agent);
  for (const message of await context.store.messages.unanswered(agent.id)) await settleAnswer(context, agent, message);
}
