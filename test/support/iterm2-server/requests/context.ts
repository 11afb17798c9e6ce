import type { Iterm2Model } from "../model/model.ts";
import type { FakeSession } from "../model/session.ts";
import type { Violations } from "../violations.ts";
import type { Message } from "../wire/message.ts";
import type { Subscriptions } from "./subscriptions.ts";

export interface RequestContext {
  model: Iterm2Model;
  violations: Violations;
  subscriptions: Subscriptions;
  version: "3.6" | "3.7";
  /** The real program would hit an assertion here: recorded, and every connection drops. */
  crash(why: string): void;
}

/** The response to a request; undefined is a response without a submessage. */
export type Handler = (request: Message, context: RequestContext) => Message | undefined | Promise<Message | undefined>;

/** The session of that very id. `active` races with the person at the keyboard: naming it is a violation. */
export function findSession({ model, violations }: RequestContext, id: string | undefined): FakeSession | undefined {
  if (id === "active" || id === undefined || id === "") {
    violations.record(`A request for session ${JSON.stringify(id ?? null)}: it races with the person`);
    return model.currentWindow?.selectedTab.activeSession;
  }
  return model.session(id);
}

/** Those of `all` are the ones in windows, never the buried ones. */
export function findSessions(context: RequestContext, id: string | undefined): FakeSession[] {
  if (id === "all") return context.model.sessions.filter((session) => !session.isBuried);
  const session = findSession(context, id);
  return session ? [session] : [];
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string | undefined): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text ?? "") };
  } catch {
    return undefined;
  }
}
