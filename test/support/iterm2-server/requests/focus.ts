import type { FakeSession } from "../model/session.ts";
import type { Place } from "../model/window.ts";
import { child, flag, type Message, text } from "../wire/message.ts";
import { findSession, type Handler, type RequestContext } from "./context.ts";

export const activate: Handler = (request, context) => {
  const STATUS = { OK: 0, BAD_IDENTIFIER: 1, INVALID_OPTION: 2 };
  const { model } = context;
  const target = targetOf(request, context);
  if (target === "missing") return { status: STATUS.BAD_IDENTIFIER };
  // In this order, so that the first ones may be done when a later one is refused.
  if (child(request, "activate_app")) model.setAppActive(true);
  if (flag(request, "order_window_front")) {
    if (!target?.window) return { status: STATUS.INVALID_OPTION };
    model.orderFront(target.window);
  }
  if (flag(request, "select_tab")) {
    if (!target?.tab) return { status: STATUS.INVALID_OPTION };
    model.select({ window: target.window, tab: target.tab });
  }
  if (flag(request, "select_session")) {
    if (!target?.tab || !target.session) return { status: STATUS.INVALID_OPTION };
    const { window, tab, session } = target;
    tab.activeSession = session;
    if (window.selectedTab === tab) model.select({ window, tab, session });
  }
  return { status: STATUS.OK };
};

/** First the app, then one window, then for each window its selected tab and the active sessions of all its tabs. */
export const focus: Handler = (_request, { model }) => {
  const { currentWindow, isAppActive, windows } = model;
  const window = { window_status: currentWindow && isAppActive ? 0 : 1, window_id: currentWindow?.id ?? "" };
  const notifications: Message[] = [{ application_active: isAppActive }, { window }];
  for (const { selectedTab, tabs } of windows) {
    notifications.push({ selected_tab: selectedTab.id });
    for (const tab of tabs) notifications.push({ session: tab.activeSession.id });
  }
  return { notifications };
};

type Target = Pick<Place, "window"> & Partial<Place> & { session?: FakeSession };

/** undefined when the request names nothing. Naming a buried session brings it back. */
function targetOf(request: Message, context: RequestContext): Target | "missing" | undefined {
  const { model } = context;
  const [windowId, tabId, sessionId] = [
    text(request, "window_id"),
    text(request, "tab_id"),
    text(request, "session_id"),
  ];
  if (windowId !== undefined) {
    const window = model.window(windowId);
    return window ? { window } : "missing";
  }
  if (tabId !== undefined) return model.tab(tabId) ?? "missing";
  if (sessionId === undefined) return undefined;
  const session = findSession(context, sessionId);
  if (!session) return "missing";
  model.disinter(session);
  const place = model.placeOf(session);
  return place ? { ...place, session } : "missing";
}
