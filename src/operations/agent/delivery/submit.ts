import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Message, SendWhen } from "../../../core/message.ts";
import { senderName } from "../../../core/principal.ts";
import type { Context } from "../../context.ts";
import { observeAgent } from "../observe.ts";
import { assertRate, countHops } from "./agent-traffic.ts";
import { isGone } from "./drive.ts";
import { wrapInEnvelope } from "./envelope.ts";
import { mayCarryProtocol } from "./protocol.ts";
import { isForPeople } from "./seen.ts";
import { endUndelivered } from "./undelivered.ts";

export interface SubmitOptions {
  text: string;
  isExact: boolean;
  when: SendWhen;
  /** Without the message of the agent's working protocol. What must arrive exactly never has it. */
  isBare?: boolean;
  idempotencyKey: string | undefined;
  /** Default: the caller. */
  sender?: string;
}

/**
 * Puts a message into an agent's queue. The same idempotency key with the same text answers with the message that is
 * there already, whatever became of it.
 * @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE, PROTOCOL_NOT_FOUND, PROTOCOL_FILE_INVALID before anything is stored; AGENT_NOT_RUNNING; TERMINAL_GONE for an adopted agent
 * that can only be read; IDEMPOTENCY_KEY_REUSED;
 * MESSAGE_LOOP, MESSAGE_RATE_EXCEEDED for agents
 */
export async function submitMessage(context: Context, agent: Agent, options: SubmitOptions): Promise<Message> {
  const { store, caller } = context;
  const sentText = await wrapInEnvelope(context, agent, options.text);
  if (options.idempotencyKey !== undefined) {
    const earlier = await store.messages.findByIdempotencyKey(agent.id, options.idempotencyKey);
    if (earlier) return assertSameMessage(earlier, options);
  }
  const hops = await countHops(context, agent);
  const report = await observeAgent(context, agent);
  if (isGone(report)) {
    throw new AppError("AGENT_NOT_RUNNING", `Agent ${agent.name} is ${report.because}`, {
      details: { agentId: agent.id, state: report.state },
    });
  }
  if (agent.isAdopted && !agent.terminal) {
    throw new AppError(
      "TERMINAL_GONE",
      `Agent ${agent.name} can only be read: it was adopted outside of any terminal in reach`,
      {
        hint: `End that Claude Code, then open its conversation with claude-orch agent start ${agent.name} --resume.`,
        details: { agentId: agent.id },
      },
    );
  }
  const program = await context.program(agent.terminal?.backend ?? "tmux");
  const { normalised } = await program.checkInput(sentText ?? options.text, { isExact: options.isExact });
  const message = newMessage(context, agent, {
    ...options,
    sentText,
    normalised,
    protocol: (await mayCarryProtocol(context, agent, options)) ? "due" : null,
    sender: options.sender ?? senderName(caller.principal),
    hops,
  });
  try {
    const queued = await store.transaction(async ({ messages }) => {
      await assertRate(context, messages);
      return messages.insert(message);
    });
    const { id: messageId, agentId, sender, text } = queued;
    context.logger.info("message.queued", { agentId, messageId, sender });
    context.logger.debug("message.text", { agentId, messageId, text });
    return queued;
  } catch (error) {
    // Another caller with the same key was faster by milliseconds.
    const taken = await earlierMessage(context, agent, options, error);
    if (!taken) throw error;
    return assertSameMessage(taken, options);
  }
}

/** A message as it enters the queue. */
export function newMessage(
  { ids, clock }: Context,
  agent: Agent,
  given: Pick<Message, "text" | "sender"> &
    Partial<SubmitOptions & Pick<Message, "sentText" | "normalised" | "protocol" | "hops">>,
): Omit<Message, "seq"> {
  return {
    id: ids.next("msg"),
    agentId: agent.id,
    conversationId: null,
    text: given.text,
    sentText: given.sentText ?? null,
    normalised: given.normalised ?? [],
    exact: given.isExact ?? false,
    protocol: given.protocol ?? null,
    when: given.when ?? "idle",
    sender: given.sender,
    hops: given.hops ?? 0,
    idempotencyKey: given.idempotencyKey ?? null,
    state: "queued",
    reason: null,
    via: null,
    holder: null,
    spoolOffset: null,
    transcriptOffset: null,
    promptId: null,
    answer: null,
    createdAt: clock.now(),
    typedAt: null,
    submittedAt: null,
    recordedAt: null,
    answeredAt: null,
    // Agents read the answers to their messages themselves: those never fill a person's inbox.
    seenAt: isForPeople(given.sender) ? null : clock.now(),
  };
}

async function earlierMessage(context: Context, agent: Agent, { idempotencyKey }: SubmitOptions, error: unknown) {
  if (idempotencyKey === undefined || !(error instanceof AppError) || error.code !== "IDEMPOTENCY_KEY_REUSED")
    return undefined;
  return context.store.messages.findByIdempotencyKey(agent.id, idempotencyKey);
}

function assertSameMessage(earlier: Message, options: SubmitOptions): Message {
  if (earlier.text === options.text) return earlier;
  throw new AppError(
    "IDEMPOTENCY_KEY_REUSED",
    `The idempotency key was used for another text (message ${earlier.id})`,
    {
      details: { messageId: earlier.id },
    },
  );
}

/** Takes back what was queued and never typed, when its sender gave up before that. */
export async function withdrawIfQueued(context: Context, messageId: string, reason: string): Promise<void> {
  const message = await context.store.messages.get(messageId);
  if (message) await endUndelivered(context, message, { state: "failed", reason }, ["queued"]);
}
