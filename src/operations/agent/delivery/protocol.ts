import type { Agent } from "../../../core/agent.ts";
import type { Message } from "../../../core/message.ts";
import { isSentBare, withProtocol } from "../../../core/protocol.ts";
import type { Context } from "../../context.ts";
import { protocolOfAgent } from "../../protocol/resolve-protocol.ts";

/** What is to be typed for a message, and what its row then says of the protocol. */
export interface Prompt {
  text: string;
  protocol: Message["protocol"];
}

/**
 * Whether the message of the agent's working protocol may stand before this text. Whether it does, is decided when it is
 * typed: only then is it known which conversation it is for.
 * @throws PROTOCOL_NOT_FOUND, PROTOCOL_FILE_INVALID
 */
export async function mayCarryProtocol(
  context: Context,
  agent: Agent,
  { text, isExact, isBare = false }: { text: string; isExact: boolean; isBare?: boolean },
): Promise<boolean> {
  if (isBare || isExact || isSentBare(text)) return false;
  const protocol = await protocolOfAgent(context, agent);
  return protocol !== null && protocol.prepend !== "never";
}

/**
 * The text of a message as it goes into this conversation. The protocol stands outside of the envelope around another
 * agent's words: those are data, the protocol is not.
 * @throws PROTOCOL_NOT_FOUND, PROTOCOL_FILE_INVALID
 */
export async function promptOf(
  context: Context,
  agent: Agent,
  message: Message,
  conversationId: string,
): Promise<Prompt> {
  const bare = message.sentText ?? message.text;
  // What was typed before and is typed again carries it in its text already.
  if (message.protocol !== "due") return { text: bare, protocol: message.protocol };
  const protocol = await protocolOfAgent(context, agent);
  const isWanted =
    protocol?.prepend === "always" ||
    (protocol?.prepend === "first" && !(await context.store.messages.hasSentProtocol(agent.id, conversationId)));
  return protocol && isWanted
    ? { text: withProtocol(protocol, bare), protocol: "sent" }
    : { text: bare, protocol: null };
}
