import { resolve } from "node:path";
import * as z from "zod";
import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { withoutFinalLineBreak } from "../../core/final-line-break.ts";
import { type Message, messageView, SEND_WHEN } from "../../core/message.ts";
import { goesOnWhen } from "../cancelled-wait.ts";
import type { Context } from "../context.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { toMessageView } from "../views.ts";
import { awaitAnswer } from "./delivery/answer.ts";
import { driveUntilDelivered } from "./delivery/drive.ts";
import { markSeen } from "./delivery/seen.ts";
import { type SubmitOptions, submitMessage, withdrawIfQueued } from "./delivery/submit.ts";
import { whileWaitingFor } from "./delivery/wait-cycles.ts";

export const agentSend = defineOperation({
  name: "agent.send",
  title: "Send a prompt",
  summary: "Deliver a prompt to an agent and prove that it arrived",
  description:
    "Delivers a prompt and returns once the text stands in the agent's transcript (state `recorded`), which is the proof that it arrived. Its working protocol, if it has one, may put its message in front (`sentText`). A busy agent gets it as soon as it is idle, one that a rate or usage limit holds when that is over. With `wait` it returns when the turn is over, with the answer to this very prompt. If the arrival cannot be proved the call fails with DELIVERY_UNKNOWN and nothing is sent again.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: true },
  input: z.object({
    agent: agentRef,
    text: z.string().optional().describe("The prompt"),
    file: z.string().min(1).optional().describe("Read the prompt from this UTF-8 file instead"),
    exact: z
      .boolean()
      .default(false)
      .describe(
        "Deliver the text unchanged, or refuse; the line break that ends the last line of a file or of standard input is not part of the text",
      ),
    noProtocol: z
      .boolean()
      .default(false)
      .describe(
        "Without the message of its working protocol in front; what begins with a slash, and what must arrive exactly, never has it",
      ),
    when: z
      .enum(SEND_WHEN)
      .default("idle")
      .describe(
        "idle: when its turn is over; now: at once, into Claude Code's own queue, and from a person even against a limit; interrupt: stop its turn first",
      ),
    wait: z.boolean().default(false).describe("Return when the turn is over, with its answer"),
    timeout: duration("How long to wait for delivery and, with wait, for the answer; default: the setting waitTimeout"),
    idempotencyKey: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("The same key with the same text is delivered once, however often it is sent"),
  }),
  output: z.object({ message: messageView }),
  errors: [
    "AGENT_NOT_FOUND",
    "AGENT_AMBIGUOUS",
    "AGENT_NOT_RUNNING",
    "TERMINAL_GONE",
    "TEXT_EMPTY",
    "TEXT_NOT_UTF8",
    "TEXT_NOT_DELIVERABLE",
    "FILE_NOT_FOUND",
    "IDEMPOTENCY_KEY_REUSED",
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "MESSAGE_LOOP",
    "MESSAGE_RATE_EXCEEDED",
    "WAIT_TIMEOUT",
    "ANSWER_TIMEOUT",
    "ANSWER_FAILED",
    "MESSAGE_NOT_FOUND",
    "DELIVERY_UNKNOWN",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["agent", "text"],
    stdin: "text",
    examples: [
      "agent send api 'List the endpoints' --wait",
      "git diff | claude-orch agent send reviewer - --wait --timeout 20m",
      "agent send api --file brief.md --exact",
    ],
  },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const text = await textOf(context, input);
    const timeoutMs = milliseconds(input.timeout, context.settings.waitTimeout);
    const message = await sendAndProve(
      context,
      agent,
      {
        text,
        isExact: input.exact,
        isBare: input.noProtocol,
        when: input.when,
        idempotencyKey: input.idempotencyKey,
      },
      { timeoutMs, isWaiting: input.wait },
    );
    return { message: toMessageView(message, agent) };
  },
});

async function textOf(
  context: Context,
  input: { text?: string | undefined; file?: string | undefined },
): Promise<string> {
  if (input.text !== undefined && input.file !== undefined) {
    throw new AppError("INVALID_INPUT", "Give the text or a file, not both");
  }
  if (input.file !== undefined && context.caller.principal.kind === "worker") {
    // Our process may read what the agent's own permissions deny it.
    throw new AppError("PERMISSION_DENIED", "An agent may not send a file; it sends what it has read itself");
  }
  if (input.file !== undefined) {
    return withoutFinalLineBreak(await context.files.readText(resolve(context.caller.cwd, input.file)));
  }
  if (input.text !== undefined) return input.text;
  throw new AppError("TEXT_EMPTY", "There is no text to send");
}

/**
 * Submits a message, proves its delivery and, when asked, waits for its answer.
 * @throws MESSAGE_LOOP, DELIVERY_UNKNOWN, ANSWER_FAILED (with `isWaiting`), WAIT_TIMEOUT, ANSWER_TIMEOUT, CANCELLED
 */
export async function sendAndProve(
  context: Context,
  agent: Agent,
  options: SubmitOptions,
  wait: { timeoutMs: number; isWaiting: boolean },
): Promise<Message> {
  return whileWaitingFor(context, agent, { mayInterrupt: options.when === "interrupt" }, () =>
    submitAndAwait(context, agent, options, wait),
  );
}

async function submitAndAwait(
  context: Context,
  agent: Agent,
  options: SubmitOptions,
  wait: { timeoutMs: number; isWaiting: boolean },
): Promise<Message> {
  const startedAt = context.clock.monotonic();
  const queued = await submitMessage(context, agent, options);
  let delivered: Message;
  try {
    delivered = await driveUntilDelivered(context, queued, wait.timeoutMs);
  } catch (error) {
    // A person's Ctrl-C takes back what was never typed; a program that gave up waiting does not lose its work.
    if (context.signal.aborted && context.caller.principal.kind === "operator") {
      await withdrawIfQueued(context, queued.id, "cancelled by its sender before it was typed");
    }
    const left = await context.store.messages.get(queued.id);
    if (left) await markSeen(context, [left]);
    throw left && left.state !== "failed" ? notTakenBack(error, left) : error;
  }
  // From here on its sender is told how it ended.
  await markSeen(context, [delivered]);
  assertDelivered(agent, delivered);
  if (!wait.isWaiting) return delivered;
  const left = Math.max(0, wait.timeoutMs - (context.clock.monotonic() - startedAt));
  const answered = await awaitAnswer(context, agent, delivered, left).catch((error: unknown) => {
    throw notTakenBack(error, delivered);
  });
  await markSeen(context, [answered]);
  assertAnswered(agent, answered);
  return answered;
}

/** Whoever stops waiting must not send it again. */
function notTakenBack(thrown: unknown, { id, agentId, state }: Message): AppError {
  return goesOnWhen(thrown, `message ${id} is ${state} already, and its turn goes on`, {
    hint: `Do not send it again; its answer: claude-orch agent read ${agentId} --message ${id} --wait`,
    details: { agentId, messageId: id, state },
  });
}

function assertDelivered(agent: Agent, message: Message): void {
  if (message.state === "unknown") {
    throw new AppError(
      "DELIVERY_UNKNOWN",
      `Delivery to ${agent.name} cannot be proved: ${message.reason ?? "no evidence"}`,
      {
        details: { agentId: agent.id, messageId: message.id, state: message.state },
      },
    );
  }
  if (message.state === "failed") {
    throw new AppError(
      "AGENT_NOT_RUNNING",
      `The message to ${agent.name} was not delivered: ${message.reason ?? "no reason known"}`,
      {
        details: { agentId: agent.id, messageId: message.id, state: message.state },
      },
    );
  }
}

function assertAnswered(agent: Agent, message: Message): void {
  if (!message.answer?.isError) return;
  const what = message.answer.text === "" ? (message.reason ?? "it ended in an error") : message.answer.text;
  throw new AppError("ANSWER_FAILED", `The turn of ${agent.name} failed: ${what}`, {
    details: { messageId: message.id, message: toMessageView(message, agent) },
  });
}
