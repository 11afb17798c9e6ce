import * as z from "zod";
import { AGENT_STATES, type Agent } from "../../core/agent.ts";
import { AppError, EXIT_CODES } from "../../core/errors.ts";
import { answerView, isOpenInQueue, type Message } from "../../core/message.ts";
import type { AgentProgram } from "../../core/ports/agent-program.ts";
import { entryView } from "../../core/transcript.ts";
import type { Context } from "../context.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { withAuthors } from "./authors.ts";
import { awaitState } from "./await-state.ts";
import { type Cursor, formatCursor, parseCursor } from "./cursor.ts";
import { awaitAnswer, settleAnswers } from "./delivery/answer.ts";
import { driveUntilDelivered } from "./delivery/drive.ts";
import { markSeen } from "./delivery/seen.ts";
import { inItsConversation } from "./follow-conversation.ts";
import { messageEntries } from "./message-entries.ts";
import { backendOf, observeAgent } from "./observe.ts";

/** Claude Code puts MCP results above some 40 kB aside (claude-code-facts §12). */
const MAX_CHARS = 30_000;

export const agentRead = defineOperation({
  name: "agent.read",
  title: "Read an agent's conversation",
  summary: "Read what an agent was asked and answered",
  description:
    "Reads an agent's transcript. By default the newest turn; `last` for more turns, `all` for the whole conversation, `message` for one message's turn, `since` for what came after an earlier read's cursor. `answer` is the answer of the newest turn read, null while it runs. To collect the answers of several agents, read each. Long results come in pages for programs: while `more` is true, go on with `since`.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    agent: agentRef,
    message: z.string().min(1).optional().describe("Only the turn of this message"),
    last: z.number().int().min(1).max(10_000).optional().describe("The newest this many turns; default 1"),
    all: z.boolean().default(false).describe("The whole conversation"),
    since: z.string().min(1).optional().describe("Cursor of an earlier read: only what came after it"),
    wait: z
      .boolean()
      .default(false)
      .describe("First wait until the running turn is over; on the command line, exit 7 when its answer is an error"),
    timeout: duration("How long to wait; default: the setting waitTimeout"),
    include: z
      .array(z.enum(["tools", "thinking"]))
      .default([])
      .describe("Also tool calls with their results, or thinking"),
  }),
  output: z.object({
    agent: z.object({ id: z.string(), name: z.string(), state: z.enum(AGENT_STATES) }),
    entries: z.array(entryView),
    answer: answerView.nullable(),
    cursor: z.string().describe("Give it as `since` to read on from here"),
    more: z.boolean().describe("There is more after the cursor already: this was one page of a long result"),
  }),
  errors: [
    "AGENT_NOT_FOUND",
    "AGENT_AMBIGUOUS",
    "MESSAGE_NOT_FOUND",
    "INVALID_INPUT",
    "AGENT_NOT_RUNNING",
    "WAIT_TIMEOUT",
    "ANSWER_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["agent"],
    // The entries are printed all the same: what failed is the agent's turn, not the reading of it.
    exitCode: ({ answer }, { wait }) =>
      wait === true && answerView.nullable().parse(answer)?.isError ? EXIT_CODES.failed : 0,
    examples: ["agent read api", "agent read api --last 5 --include tools", "agent read api --follow --json"],
  },
  async run(input, context) {
    const named = await resolveAgent(context, input.agent);
    const program = await context.program(await backendOf(context, named));
    const timeoutMs = milliseconds(input.timeout, context.settings.waitTimeout);
    const include = new Set(input.include);

    if (input.message !== undefined) {
      return readMessage(context, named, program, { id: input.message, isWaiting: input.wait, timeoutMs, include });
    }
    if (input.wait) await awaitIdle(context, named, timeoutMs);
    await settleAnswers(context, named);
    const agent = await inItsConversation(context, named);
    const cursor = input.since === undefined ? undefined : await ownCursor(context, agent, input.since);
    const conversationId = cursor?.conversationId ?? agent.conversationId;
    if (!conversationId) return reply(context, agent, NOTHING);
    const last = await newestAnswer(context, agent, conversationId);
    const page = await program.entries(agent, conversationId, {
      include,
      ...pageSize(context),
      ...(cursor ? { from: cursor.offset } : {}),
      ...(cursor || input.all ? {} : { last: input.last ?? 1 }),
    });
    await markAnswersSeen(context, agent, page.entries);
    return reply(context, agent, { conversationId, ...page, answer: last?.turn.isOver ? last.turn.answer : null });
  },
});

/** Whose turns are read, leave the inbox. */
async function markAnswersSeen(
  context: Context,
  agent: Agent,
  entries: readonly z.output<typeof entryView>[],
): Promise<void> {
  const promptIds = new Set(entries.flatMap(({ promptId }) => promptId ?? []));
  if (promptIds.size === 0) return;
  const unseen = await context.store.messages.unseen(agent.id);
  await markSeen(
    context,
    unseen.filter(({ promptId }) => promptId !== null && promptIds.has(promptId)),
  );
}

/** @throws WAIT_TIMEOUT; the turn goes on */
async function awaitIdle(context: Context, agent: Agent, timeoutMs: number): Promise<void> {
  const { timedOut, reports } = await awaitState(context, [agent], { states: ["idle"], mode: "all", timeoutMs });
  if (!timedOut) return;
  const because = reports[0]?.because ?? "no evidence";
  throw new AppError(
    "WAIT_TIMEOUT",
    `Agent ${agent.name} was not idle within ${Math.round(timeoutMs / 1000)} s: ${because}`,
  );
}

/** The last record of a turn is written up to 230 ms after the agent is idle (claude-code-facts §3.2). */
const RECORD_GRACE_MS = 1_000;

/** The newest turn's answer; of an agent that has just become idle, once its last record stands in the transcript. */
async function newestAnswer(context: Context, agent: Agent, conversationId: string) {
  const program = await context.program(await backendOf(context, agent));
  const deadline = context.clock.monotonic() + RECORD_GRACE_MS;
  for (;;) {
    const last = await program.lastAnswer(agent, conversationId);
    const left = deadline - context.clock.monotonic();
    if (!last || last.turn.isOver || left <= 0) return last;
    if ((await observeAgent(context, agent)).state !== "idle") return last;
    await program.watch([agent], left, context.signal);
  }
}

/** Pages are for programs with bounded results; a person at the command line gets everything. */
function pageSize(context: Context): { maxChars?: number } {
  return context.caller.principal.kind === "operator" ? {} : { maxChars: MAX_CHARS };
}

/** A cursor names a transcript: only those of this agent's own conversations are read. @throws INVALID_INPUT */
async function ownCursor(context: Context, agent: Agent, text: string): Promise<Cursor> {
  const cursor = parseCursor(text);
  const conversation = await context.store.conversations.get(cursor.conversationId);
  if (conversation?.agentId === agent.id) return cursor;
  await assertStillThere(context, agent);
  throw new AppError("INVALID_INPUT", `${JSON.stringify(text)} is not a cursor of agent ${agent.name}`, {
    hint: "Use the cursor of an earlier read of the same agent.",
  });
}

interface MessageRead {
  id: string;
  isWaiting: boolean;
  timeoutMs: number;
  include: ReadonlySet<"tools" | "thinking">;
}

async function readMessage(context: Context, agent: Agent, program: AgentProgram, read: MessageRead) {
  const stored = await context.store.messages.get(read.id);
  if (stored?.agentId !== agent.id) {
    throw new AppError("MESSAGE_NOT_FOUND", `Agent ${agent.name} has no message ${read.id}`, {
      details: { message: read.id },
    });
  }
  await settleAnswers(context, agent);
  let message: Message = (await context.store.messages.get(read.id)) ?? stored;
  if (read.isWaiting) message = await awaitMessage(context, agent, message, read.timeoutMs);
  await markSeen(context, [message]);
  const page = await messageEntries(program, agent, message, { include: read.include, ...pageSize(context) });
  return reply(context, agent, { ...(page ?? NOTHING), answer: message.answer });
}

/** @throws WAIT_TIMEOUT, ANSWER_TIMEOUT, AGENT_NOT_RUNNING */
async function awaitMessage(context: Context, agent: Agent, message: Message, timeoutMs: number): Promise<Message> {
  const startedAt = context.clock.monotonic();
  // Its sender may be gone: whoever waits for it delivers it.
  const delivered = isOpenInQueue(message.state) ? await driveUntilDelivered(context, message, timeoutMs) : message;
  if (delivered.state !== "recorded") return delivered;
  const left = Math.max(0, timeoutMs - (context.clock.monotonic() - startedAt));
  return awaitAnswer(context, agent, delivered, left);
}

interface Page {
  conversationId: string | null;
  entries: z.output<typeof entryView>[];
  offset: number;
  hasMore: boolean;
  answer: z.output<typeof answerView> | null;
}

const NOTHING: Page = { conversationId: null, entries: [], offset: 0, hasMore: false, answer: null };

async function reply(context: Context, agent: Agent, page: Page) {
  const { state } = await observeAgent(context, agent);
  const { conversationId, offset, answer } = page;
  const entries = await withAuthors(context, agent, page.entries);
  await assertStillThere(context, agent);
  return {
    agent: { id: agent.id, name: agent.name, state },
    entries,
    answer,
    cursor: conversationId === null ? "" : formatCursor({ conversationId, offset }),
    more: page.hasMore,
  };
}

/** Who is deleted meanwhile takes along what tells its prompts from a person's. @throws AGENT_NOT_FOUND */
async function assertStillThere(context: Context, agent: Agent): Promise<void> {
  if (await context.store.agents.get(agent.id)) return;
  throw new AppError("AGENT_NOT_FOUND", `Agent ${agent.name} was deleted meanwhile`, {
    details: { agentId: agent.id },
  });
}
