import type { Message } from "../../../core/message.ts";
import type { Context } from "../../context.ts";

const PEOPLE: readonly string[] = ["operator", "manager"] satisfies ("operator" | "manager")[];

/** Whether the end of such a sender's messages belongs into the inbox: agents read their answers themselves. */
export function isForPeople(sender: string): boolean {
  return PEOPLE.includes(sender);
}

/** The end of these messages was shown to whoever may act on it: they leave the inbox. Those that go on stay. */
export async function markSeen(context: Context, messages: readonly Message[]): Promise<void> {
  const { store, clock, caller } = context;
  if (!isForPeople(caller.principal.kind)) return;
  for (const { id, state, seenAt } of messages) {
    if (seenAt !== null || !hasEnded(state)) continue;
    await store.messages.update(id, { seenAt: clock.now() });
  }
}

function hasEnded(state: Message["state"]): boolean {
  return state === "answered" || state === "failed" || state === "unknown";
}
