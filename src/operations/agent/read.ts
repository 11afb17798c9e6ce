import * as z from "zod";
import { AGENT_STATES, type Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { answerView, type Message } from "../../core/message.ts";
import type { AgentProgram } from "../../core/ports/agent-program.ts";
import { entryView } from "../../core/transcript.ts";
import type { Context } from "../context.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { awaitState } from "./await-state.ts";
import { formatCursor, parseCursor } from "./cursor.ts";
import { awaitAnswer, settleAnswers } from "./delivery/answer.ts";
import { backendOf, observeAgent } from "./observe.ts";

/** Claude Code puts MCP results above some 40 kB aside (claude-code-facts §12). */
const MAX_CHARS = 30_000;

export const agentRead = defineOperation({
  name: "agent.read",
  title: "Read an agent's conversation",
  summary: "Read what an agent was asked and answered",
  description:
    "Reads an agent's transcript. By default the newest turn; `last` for more turns, `all` for the whole conversation, `message` for one message's turn, `since` for what came after an earlier read's cursor. `answer` is the answer of the newest turn read, null while it runs. Long results are cut at the oldest end; go on with the cursor.",
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
    wait: z.boolean().default(false).describe("First wait until the running turn is over"),
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
  }),
  errors: [
    "AGENT_NOT_FOUND",
    "AGENT_AMBIGUOUS",
    "MESSAGE_NOT_FOUND",
    "INVALID_INPUT",
    "WAIT_TIMEOUT",
    "ANSWER_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["agent"],
    examples: ["agent read api", "agent read api --last 5 --include tools", "agent read api --follow --json"],
  },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const program = await context.program(await backendOf(context, agent));
    const timeoutMs = milliseconds(input.timeout, context.settings.waitTimeout);
    const include = new Set(input.include);

    if (input.message !== undefined) {
      return readMessage(context, agent, program, { id: input.message, isWaiting: input.wait, timeoutMs, include });
    }
    if (input.wait) await awaitState(context, [agent], { states: ["idle"], mode: "all", timeoutMs });
    await settleAnswers(context, agent);
    const cursor = input.since === undefined ? undefined : parseCursor(input.since);
    const conversationId = cursor?.conversationId ?? agent.conversationId;
    if (!conversationId) return reply(context, agent, [], null, "");
    const { entries, offset } = await program.entries(agent, conversationId, {
      include,
      maxChars: MAX_CHARS,
      ...(cursor ? { from: cursor.offset } : {}),
      ...(cursor || input.all ? {} : { last: input.last ?? 1 }),
    });
    const last = await program.lastAnswer(agent, conversationId);
    return reply(
      context,
      agent,
      entries,
      last?.turn.isOver ? last.turn.answer : null,
      formatCursor({ conversationId, offset }),
    );
  },
});

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
  if (read.isWaiting && message.state === "recorded")
    message = await awaitAnswer(context, agent, message, read.timeoutMs);
  const { conversationId, promptId } = message;
  if (!conversationId || !promptId) return reply(context, agent, [], message.answer, "");
  const { entries, offset } = await program.entries(agent, conversationId, {
    include: read.include,
    maxChars: MAX_CHARS,
    from: message.transcriptOffset ?? 0,
  });
  const own = entries.filter((entry) => entry.promptId === promptId);
  return reply(context, agent, own, message.answer, formatCursor({ conversationId, offset }));
}

async function reply(
  context: Context,
  agent: Agent,
  entries: z.output<typeof entryView>[],
  answer: z.output<typeof answerView> | null,
  cursor: string,
) {
  const { state } = await observeAgent(context, agent);
  const named = await Promise.all(entries.map((entry) => withAuthor(context, agent, entry)));
  return { agent: { id: agent.id, name: agent.name, state }, entries: named, answer, cursor };
}

/** A prompt that we delivered is ours (or another agent's); any other was typed by a person in the tab. */
async function withAuthor(context: Context, agent: Agent, entry: z.output<typeof entryView>) {
  if (entry.kind !== "prompt" || entry.promptId === null) return entry;
  const message = await context.store.messages.findByPromptId(agent.id, entry.promptId);
  if (!message) return { ...entry, from: "person" as const };
  return { ...entry, from: message.sender.startsWith("agt_") ? ("agent" as const) : ("orchestrator" as const) };
}
