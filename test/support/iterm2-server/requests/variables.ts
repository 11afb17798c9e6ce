import type { Iterm2Model } from "../model/model.ts";
import type { FakeSession } from "../model/session.ts";
import type { FakeTab, FakeWindow } from "../model/window.ts";
import { children, flag, type Message, text, texts } from "../wire/message.ts";
import { findSessions, type Handler, parseJson, type RequestContext } from "./context.ts";

const STATUS = {
  SESSION_NOT_FOUND: 1,
  INVALID_NAME: 2,
  MISSING_SCOPE: 3,
  TAB_NOT_FOUND: 4,
  MULTI_GET_DISALLOWED: 5,
  WINDOW_NOT_FOUND: 6,
} as const;

/** Something that has variables. */
interface Holder {
  scope: 1 | 2 | 3 | 4;
  identifier: string;
  user: Map<string, unknown>;
  builtIn: Record<string, unknown>;
}

export const variable: Handler = (request, context) => {
  const holders = holdersOf(request, context);
  if (typeof holders === "number") return { status: holders };
  const names = texts(request, "get");
  const isMany = text(request, "session_id") === "all" || text(request, "tab_id") === "all";
  if (isMany && names.length > 0) return { status: STATUS.MULTI_GET_DISALLOWED };

  const sets = children(request, "set").map((set) => ({ name: text(set, "name") ?? "", json: text(set, "value") }));
  // One bad name, and nothing is set.
  if (sets.some(({ name }) => !/^user\.[^.]+$/.test(name))) return { status: STATUS.INVALID_NAME };
  for (const holder of holders) {
    for (const { name, json } of sets) setUser(context.model, holder, name, parseJson(json)?.value ?? null);
  }
  const [holder] = holders;
  // On success there is no status at all.
  return { values: holder ? names.map((name) => read(holder, name)) : [] };
};

function setUser(model: Iterm2Model, holder: Holder, name: string, value: unknown): void {
  const key = name.slice("user.".length);
  if (JSON.stringify(holder.user.get(key) ?? null) === JSON.stringify(value)) return;
  if (value === null) holder.user.delete(key);
  else holder.user.set(key, value);
  model.variableChanged(holder.scope, holder.identifier, name, value);
}

function read({ user, builtIn }: Holder, name: string): string {
  const all = { ...builtIn, ...Object.fromEntries([...user].map(([key, value]) => [`user.${key}`, value])) };
  if (name !== "*") return JSON.stringify(all[name as keyof typeof all] ?? null);
  const entries = Object.entries<unknown>(all).filter(([, value]) => value !== undefined && value !== null);
  return JSON.stringify(Object.fromEntries(entries.map(([key, value]) => [key, asText(value)])));
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function holdersOf(request: Message, context: RequestContext): Holder[] | number {
  const { model } = context;
  const [sessionId, tabId, windowId] = [
    text(request, "session_id"),
    text(request, "tab_id"),
    text(request, "window_id"),
  ];
  if (sessionId !== undefined) {
    const sessions = findSessions(context, sessionId);
    if (sessions.length === 0 && sessionId !== "all") return STATUS.SESSION_NOT_FOUND;
    return sessions.map((session) => sessionHolder(session, model));
  }
  if (tabId !== undefined) {
    const tabs = tabId === "all" ? model.windows.flatMap((window) => window.tabs) : [model.tab(tabId)?.tab];
    const found = tabs.filter((tab) => tab !== undefined);
    return found.length > 0 || tabId === "all" ? found.map(tabHolder) : STATUS.TAB_NOT_FOUND;
  }
  if (windowId !== undefined) {
    // `all` is not honoured here.
    const window = model.window(windowId);
    return window ? [windowHolder(window)] : STATUS.WINDOW_NOT_FOUND;
  }
  if (!flag(request, "app")) return STATUS.MISSING_SCOPE;
  return [{ scope: 4, identifier: "", user: model.appVariables, builtIn: { localhostName: "fake.local" } }];
}

function sessionHolder(session: FakeSession, model: Iterm2Model): Holder {
  const { program, launch, size } = session;
  const isRunning = session.state === "running";
  const builtIn: Record<string, unknown> = {
    id: session.id,
    termid: `${positionOf(session, model)}.${session.id}`,
    name: session.name,
    autoName: session.name,
    presentationName: session.name,
    pid: program.pid,
    jobPid: isRunning ? program.pid : undefined,
    jobName: isRunning ? program.jobName : undefined,
    commandLine: isRunning ? launch.argv.join(" ") : undefined,
    path: launch.cwd,
    tty: program.tty,
    columns: size.width,
    rows: size.height,
    hostname: "fake.local",
    username: "tester",
    profileName: session.profile.get("Name"),
    ...Object.fromEntries(session.variables),
  };
  return { scope: 1, identifier: session.id, user: session.user, builtIn };
}

function tabHolder(tab: FakeTab): Holder {
  const title = tab.titleOverride ?? tab.activeSession.name;
  const builtIn = { id: Number(tab.id), title, titleOverride: tab.titleOverride };
  return { scope: 2, identifier: tab.id, user: tab.user, builtIn };
}

function windowHolder(window: FakeWindow): Holder {
  const builtIn = { id: window.id, number: window.number, titleOverride: window.titleOverride };
  return { scope: 3, identifier: window.id, user: window.user, builtIn };
}

/** Follows every move, unlike ITERM_SESSION_ID. */
function positionOf(session: FakeSession, model: Iterm2Model): string {
  const place = model.placeOf(session);
  if (!place) return "w0t0p0";
  const { window, tab } = place;
  return `w${window.number}t${window.tabs.indexOf(tab)}p${tab.root.leaves.indexOf(session)}`;
}
