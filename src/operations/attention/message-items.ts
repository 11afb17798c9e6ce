import type { Message } from "../../core/message.ts";
import { isoTime } from "../views.ts";
import { nameOf, type ObservedAgent } from "./agent-items.ts";
import type { InboxItem } from "./inbox-item.ts";

/** The end of a message that nobody has looked at: an answer, or that it was not (provably) delivered. */
export function messageItem(observed: ObservedAgent, message: Message): InboxItem {
  const { agent, session } = observed;
  const { id, state, reason, answer } = message;
  const name = nameOf(observed);
  const isAnswered = state === "answered";
  return {
    id,
    kind: isAnswered ? "finished" : "undelivered",
    agent: { id: agent.id, name: agent.name },
    session: { id: session.id, name: session.name },
    since: isoTime(message.answeredAt ?? message.typedAt ?? message.createdAt),
    summary: isAnswered ? firstLine(answer?.text || reason || "(no text)") : (reason ?? `the message is ${state}`),
    because: isAnswered
      ? answer?.isError
        ? "its turn ended in an error, and nobody has read it"
        : "its turn is over, and nobody has read the answer"
      : `the message is ${state}: ${reason ?? "no evidence of its arrival"}`,
    message: {
      id,
      state,
      text: shortened(message.text),
      ...(reason === null ? {} : { reason }),
      ...(answer === null ? {} : { answer: { text: shortened(answer.text), isError: answer.isError } }),
    },
    respond: [
      isAnswered ? `claude-orch agent read ${name} --message ${id}` : `claude-orch agent read ${name} --last 3`,
      `claude-orch inbox done ${id}`,
    ],
  };
}

const MAX_TEXT = 500;
const MAX_SUMMARY = 200;

function shortened(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters)`;
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1)}…`;
}
