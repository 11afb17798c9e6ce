import type { FocusEvent, ModelListener, VariableChange } from "../model/listener.ts";
import { listing } from "../model/listing.ts";
import type { Iterm2Model } from "../model/model.ts";
import type { FakeSession } from "../model/session.ts";
import { child, flag, type Message, number, numbers, text } from "../wire/message.ts";
import { findSession, type Handler } from "./context.ts";

const STATUS = {
  OK: 0,
  SESSION_NOT_FOUND: 1,
  REQUEST_MALFORMED: 2,
  NOT_SUBSCRIBED: 3,
  ALREADY_SUBSCRIBED: 4,
  INVALID_IDENTIFIER: 6,
} as const;

const TYPE = { screen: 2, newSession: 6, terminate: 7, layout: 8, focus: 9, variable: 12 } as const;
/** Keystroke, screen update, prompt, custom escape sequence, keystroke filter. */
const SESSION_TYPES = [1, 2, 3, 5, 14];
const GLOBAL_TYPES = [6, 7, 8, 9, 10, 11];
/** With an existing session these reach an assertion. */
const DEADLY_TYPES = [4, 13];

/** What one connection asked to be told. It vanishes with the connection. */
export class Subscriptions implements ModelListener {
  readonly #active = new Set<string>();
  readonly #model: Iterm2Model;
  readonly #notify: (notification: Message) => void;

  /** `notify` gets the content of each Notification. */
  constructor(model: Iterm2Model, notify: (notification: Message) => void) {
    this.#model = model;
    this.#notify = notify;
  }

  /** Whether it was not there before. */
  add(key: string): boolean {
    const isNew = !this.#active.has(key);
    this.#active.add(key);
    return isNew;
  }

  /** Whether it was there before. */
  remove(key: string): boolean {
    return this.#active.delete(key);
  }

  sessionAdded(session: FakeSession): void {
    this.#tell(`${TYPE.newSession}`, { new_session_notification: { session_id: session.id } });
  }

  sessionEnded(session: FakeSession): void {
    this.#tell(`${TYPE.terminate}`, { terminate_session_notification: { session_id: session.id } });
  }

  layoutChanged(): void {
    if (!this.#active.has(`${TYPE.layout}`)) return;
    this.#notify({ layout_changed_notification: { list_sessions_response: listing(this.#model) } });
  }

  focusChanged(event: FocusEvent): void {
    this.#tell(`${TYPE.focus}`, { focus_changed_notification: event });
  }

  screenChanged(session: FakeSession): void {
    const keys = [`${TYPE.screen} ${session.id}`, ...(session.isBuried ? [] : [`${TYPE.screen} all`])];
    if (session.state === "closing") return;
    if (keys.some((key) => this.#active.has(key))) {
      this.#notify({ screen_update_notification: { session: session.id } });
    }
  }

  variableChanged({ scope, identifier, name, value }: VariableChange): void {
    const keys = [`${TYPE.variable} ${scope} ${identifier} ${name}`, `${TYPE.variable} ${scope} all ${name}`];
    if (!keys.some((key) => this.#active.has(key))) return;
    const json_new_value = JSON.stringify(value ?? null);
    this.#notify({ variable_changed_notification: { scope, identifier, name, json_new_value } });
  }

  #tell(key: string, notification: Message): void {
    if (this.#active.has(key)) this.#notify(notification);
  }
}

export const notification: Handler = (request, context) => {
  const { model, subscriptions, violations } = context;
  const type = number(request, "notification_type") ?? 1;
  const session = text(request, "session");
  const doesSubscribe = flag(request, "subscribe");
  if (doesSubscribe === undefined) return { status: STATUS.REQUEST_MALFORMED };

  if (DEADLY_TYPES.includes(type)) {
    const found = session !== undefined && findSession(context, session);
    if (found) context.crash(`A subscription to notification type ${type}, which reaches an assertion`);
    else violations.record(`A subscription to notification type ${type}`);
    return { status: STATUS.SESSION_NOT_FOUND };
  }

  let key: string;
  if (SESSION_TYPES.includes(type)) {
    if (session !== "all" && !findSession(context, session)) return { status: STATUS.SESSION_NOT_FOUND };
    const modes = numbers(child(request, "prompt_monitor_request") ?? {}, "modes").sort();
    key = [type, session, ...(type === 3 ? modes : [])].join(" ");
  } else if (type === TYPE.variable) {
    const monitor = child(request, "variable_monitor_request");
    const name = monitor && text(monitor, "name");
    if (!monitor || name === undefined) return { status: STATUS.REQUEST_MALFORMED };
    const [scope, identifier] = [number(monitor, "scope") ?? 1, text(monitor, "identifier") ?? ""];
    if (!isMonitorTarget(model, scope, identifier)) return { status: STATUS.INVALID_IDENTIFIER };
    key = `${type} ${scope} ${identifier} ${name}`;
  } else if (GLOBAL_TYPES.includes(type)) key = `${type}`;
  else return { status: STATUS.REQUEST_MALFORMED };

  if (doesSubscribe) return { status: subscriptions.add(key) ? STATUS.OK : STATUS.ALREADY_SUBSCRIBED };
  return { status: subscriptions.remove(key) ? STATUS.OK : STATUS.NOT_SUBSCRIBED };
};

function isMonitorTarget(model: Iterm2Model, scope: number, identifier: string): boolean {
  if (scope === 1) return identifier === "all" || model.session(identifier) !== undefined;
  if (scope === 2) return model.tab(identifier) !== undefined;
  if (scope === 3) return identifier === "all" || model.window(identifier) !== undefined;
  return scope === 4 && identifier !== "all";
}
