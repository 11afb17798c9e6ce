import { fromJson, type JsonValue } from "./json.ts";
import { type Listing, toListing } from "./listing.ts";
import type { FocusChange, Notification, Requests } from "./messages.ts";

/** What can be subscribed to. Types 4 and 13 of iTerm2's API are left out for good: they can crash it. */
export type Topic =
  | { type: "new-session" }
  | { type: "terminate-session" }
  | { type: "layout-change" }
  | { type: "focus-change" }
  /** Once per redraw, up to 60 a second, and late for hidden panes. */
  | { type: "screen-update"; sessionId: string }
  | { type: "variable-change"; scope: VariableTopicScope; identifier: string; name: string };

export type VariableTopicScope = "session" | "tab" | "window";

export type Iterm2Event =
  /** Can come before the session is listed, and for an id that was there before: the person undid a close. */
  | { type: "new-session"; sessionId: string }
  /** Can come twice for the same session. */
  | { type: "terminate-session"; sessionId: string }
  | { type: "layout-change"; listing: Listing }
  | { type: "focus-change"; change: FocusEvent }
  /** Without the text: read the screen. */
  | { type: "screen-update"; sessionId: string }
  /** Null when it was unset. */
  | { type: "variable-change"; scope: VariableTopicScope; identifier: string; name: string; value: JsonValue };

export type FocusEvent =
  | { kind: "app"; isActive: boolean }
  | { kind: "window"; windowId: string; status: "became-key" | "is-current" | "resigned-key" | "unknown" }
  | { kind: "tab"; tabId: string }
  | { kind: "session"; sessionId: string };

/** The events of a topic. */
export type EventOf<T extends Topic> = Extract<Iterm2Event, { type: T["type"] }>;

const TYPES: Record<Topic["type"], number> = {
  "screen-update": 2,
  "new-session": 6,
  "terminate-session": 7,
  "layout-change": 8,
  "focus-change": 9,
  "variable-change": 12,
};
const SCOPES: Record<VariableTopicScope, number> = { session: 1, tab: 2, window: 3 };

export function toRequest(topic: Topic, subscribe: boolean): Requests["notification"] {
  const request = { subscribe, notificationType: TYPES[topic.type] };
  if (topic.type === "screen-update") return { ...request, session: topic.sessionId };
  if (topic.type !== "variable-change") return request;
  const { name, scope, identifier } = topic;
  return { ...request, variableMonitorRequest: { name, scope: SCOPES[scope], identifier } };
}

/** Ids that a topic is about, for errors. */
export function idsOf(topic: Topic): string[] {
  if (topic.type === "screen-update") return [topic.sessionId];
  return topic.type === "variable-change" ? [topic.identifier] : [];
}

/** Equal for topics that iTerm2 takes for the same subscription. */
export function keyOf(topic: Topic): string {
  return JSON.stringify(toRequest(topic, true));
}

/** Whether the event is of this topic. */
export function isAbout(topic: Topic, event: Iterm2Event): boolean {
  if (topic.type === "screen-update") return event.type === topic.type && event.sessionId === topic.sessionId;
  if (topic.type !== "variable-change") return event.type === topic.type;
  const { scope, identifier, name } = topic;
  return event.type === topic.type && event.scope === scope && event.identifier === identifier && event.name === name;
}

/** Undefined for a notification that nobody here subscribes to. @throws BAD_ANSWER */
export function toEvent(notification: Notification): Iterm2Event | undefined {
  const {
    screenUpdateNotification: screen,
    newSessionNotification: opened,
    terminateSessionNotification: ended,
    layoutChangedNotification: layout,
    focusChangedNotification: focus,
    variableChangedNotification: variable,
  } = notification;
  if (screen) return { type: "screen-update", sessionId: screen.session ?? "" };
  if (opened) return { type: "new-session", sessionId: opened.sessionId ?? "" };
  if (ended) return { type: "terminate-session", sessionId: ended.sessionId ?? "" };
  if (layout) return { type: "layout-change", listing: toListing(layout.listSessionsResponse ?? {}) };
  if (focus) {
    const change = toFocusEvent(focus);
    return change && { type: "focus-change", change };
  }
  const scope = (["session", "tab", "window"] as const).find((name) => SCOPES[name] === variable?.scope);
  if (!variable || !scope) return undefined;
  return {
    type: "variable-change",
    scope,
    identifier: variable.identifier ?? "",
    name: variable.name ?? "",
    value: fromJson("notification", variable.jsonNewValue || "null"),
  };
}

const WINDOW_STATUSES = ["became-key", "is-current", "resigned-key"] as const;

function toFocusEvent(change: FocusChange): FocusEvent | undefined {
  const { window } = change;
  if (window) {
    const status = WINDOW_STATUSES[window.windowStatus ?? 0] ?? "unknown";
    return { kind: "window", windowId: window.windowId ?? "", status };
  }
  if (change.selectedTab) return { kind: "tab", tabId: change.selectedTab };
  if (change.session) return { kind: "session", sessionId: change.session };
  // The message holds exactly one part, and false is a value of this one.
  return { kind: "app", isActive: change.applicationActive ?? false };
}
