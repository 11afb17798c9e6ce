import * as z from "zod";
import { agentView } from "../../core/agent.ts";
import { messageView, usageView } from "../../core/message.ts";
import { entryView } from "../../core/transcript.ts";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { toMessageView } from "../views.ts";
import { adoptionLoss } from "./adoption-loss.ts";
import { agentViewOf } from "./agent-views.ts";
import { withAuthors } from "./authors.ts";
import { settleAnswers } from "./delivery/answer.ts";
import { inItsConversation } from "./follow-conversation.ts";
import { screenTail } from "./lifecycle/open.ts";
import { backendOf } from "./observe.ts";

const RECENT_ENTRIES = 20;
const RECENT_MESSAGES = 10;

export const agentShow = defineOperation({
  name: "agent.show",
  title: "Show an agent",
  summary: "Show an agent: state, screen, recent entries and messages",
  description:
    "Shows one agent in full: its state with the evidence, what its terminal shows, the newest entries of its conversation, the messages sent to it and the tokens it used.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({ agent: agentRef }),
  output: z.object({
    agent: agentView,
    screen: z.array(z.string()).describe("The last lines that its terminal shows"),
    recent: z.array(entryView).describe("The newest entries of its conversation, oldest of them first"),
    messages: z.array(messageView).describe("The newest messages sent to it"),
    usage: usageView.describe("Tokens of all its conversations, without those of Claude Code's own subagents"),
    loss: z.array(z.string()).optional().describe("What an adopted agent lacks, because a person started it"),
  }),
  errors: ["AGENT_NOT_FOUND", "AGENT_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent show api", "agent show shop/api --json"] },
  async run(input, context) {
    const named = await resolveAgent(context, input.agent);
    await settleAnswers(context, named);
    const agent = await inItsConversation(context, named);
    const program = await context.program(await backendOf(context, agent));
    const recent = agent.conversationId
      ? await program.entries(agent, agent.conversationId, {
          last: 3,
          include: new Set(["tools"] as const),
          maxChars: 20_000,
        })
      : { entries: [] };
    const conversations = await context.store.conversations.list(agent.id);
    const messages = await context.store.messages.list(agent.id, { limit: RECENT_MESSAGES });
    return {
      agent: await agentViewOf(context, agent),
      ...(agent.isAdopted ? { loss: adoptionLoss({ hasTerminal: agent.terminal !== null }) } : {}),
      screen: await screenTail(context, agent, 10),
      recent: await withAuthors(context, agent, recent.entries.slice(-RECENT_ENTRIES)),
      messages: messages.map((message) => toMessageView(message, agent)),
      usage: await program.usage(
        agent,
        conversations.map(({ id }) => id),
      ),
    };
  },
});
