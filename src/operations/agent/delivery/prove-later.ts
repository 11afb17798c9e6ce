import type { Agent } from "../../../core/agent.ts";
import type { Message } from "../../../core/message.ts";
import type { Context } from "../../context.ts";
import { backendOf } from "../observe.ts";
import { journal } from "./prove.ts";

/** Each look reads the transcript from the message's position on; what is older than these is left as it is. */
const NEWEST = 5;

/** Looks again for messages of the running conversation that could not be proved in time. */
export async function proveUnknown(context: Context, agent: Agent): Promise<void> {
  const unproved = await context.store.messages.unproved(agent.id);
  const current = unproved.filter(({ conversationId }) => conversationId === agent.conversationId);
  for (const message of current.slice(-NEWEST)) await proveLater(context, message);
}

/** An `unknown` message whose evidence has come since becomes `recorded`; returns the message as it now stands. */
export async function proveLater(context: Context, message: Message): Promise<Message> {
  const { store } = context;
  const agent = await store.agents.get(message.agentId);
  if (!agent || message.state !== "unknown") return message;
  const program = await context.program(await backendOf(context, agent));
  const text = message.sentText ?? message.text;
  const position = { spool: message.spoolOffset ?? 0, transcript: message.transcriptOffset ?? 0 };
  const { recorded } = await program.delivery(agent, message.conversationId ?? "", text, position);
  if (!recorded) return message;
  // The same text may have been sent again since: then this is that message's evidence.
  const owners = recorded.promptId === null ? [] : await store.messages.ofPrompt(agent.id, recorded.promptId);
  // Of another text, it is the message whose running turn took this one up.
  if (owners.some((owner) => owner.id !== message.id && (owner.sentText ?? owner.text) === text)) return message;
  await journal(context, message, { recorded });
  return (await store.messages.get(message.id)) ?? message;
}
