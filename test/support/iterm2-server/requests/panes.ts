import { listing } from "../model/listing.ts";
import type { Iterm2Model } from "../model/model.ts";
import type { FakeSession } from "../model/session.ts";
import { child, children, flag, type Message, number, text, texts } from "../wire/message.ts";
import { findSession, type Handler, parseJson, type RequestContext } from "./context.ts";

export const listSessions: Handler = (_request, { model }) => listing(model);

export const createTab: Handler = async (request, context) => {
  const { model, version } = context;
  const STATUS = {
    OK: 0,
    INVALID_PROFILE_NAME: 1,
    INVALID_WINDOW_ID: 2,
    INVALID_TAB_INDEX: 3,
    MISSING_SUBSTITUTION: 4,
  };
  const profileName = text(request, "profile_name");
  if (!model.profile(profileName)) return { status: STATUS.INVALID_PROFILE_NAME };
  const windowId = text(request, "window_id");
  const window = windowId === undefined ? undefined : model.window(windowId);
  if (windowId !== undefined && !window) return { status: STATUS.INVALID_WINDOW_ID };
  const overrides = customProperties(request, context);
  if (!overrides) {
    // There is no status for it: a profile that is nil goes on to an assertion.
    context.crash("CreateTab with custom profile properties that are not valid JSON");
    return { status: STATUS.MISSING_SUBSTITUTION };
  }
  const index = number(request, "tab_index");
  const isIndexHonoured = index === undefined || index <= (window?.tabs.length ?? 0);
  const created = await model.createTab({
    profileName,
    overrides,
    window,
    index: isIndexHonoured && window ? index : undefined,
    // Before 3.7 there is no such field: the new tab always comes forward.
    isSelected: version === "3.6" || (flag(request, "select_tab") ?? true),
  });
  return {
    // With this status the tab exists all the same, only somewhere else.
    status: isIndexHonoured ? STATUS.OK : STATUS.INVALID_TAB_INDEX,
    window_id: created.window.id,
    tab_id: Number(created.tab.id),
    session_id: created.session.id,
  };
};

export const splitPane: Handler = async (request, context) => {
  const STATUS = { OK: 0, SESSION_NOT_FOUND: 1, INVALID_PROFILE_NAME: 2, CANNOT_SPLIT: 3, MALFORMED_PROPERTY: 4 };
  const { model } = context;
  const id = text(request, "session");
  const sessions = id === "all" ? model.sessions : [findSession(context, id)];
  const shown = sessions.filter((session) => session && !session.isBuried);
  if (shown.length === 0) return { status: STATUS.SESSION_NOT_FOUND };
  const profileName = text(request, "profile_name");
  if (!model.profile(profileName)) return { status: STATUS.INVALID_PROFILE_NAME };
  const overrides = customProperties(request, context);
  if (!overrides) return { status: STATUS.MALFORMED_PROPERTY };
  const created: string[] = [];
  for (const session of shown) {
    const isVertical = (number(request, "split_direction") ?? 0) === 0;
    const isBefore = flag(request, "before") ?? false;
    const added = session && (await model.splitPane(session, { profileName, overrides, isVertical, isBefore }));
    if (added) created.push(added.id);
  }
  return created.length > 0 ? { status: STATUS.OK, session_id: created } : { status: STATUS.CANNOT_SPLIT };
};

export const close: Handler = (request, context) => {
  const STATUS = { OK: 0, NOT_FOUND: 1, USER_DECLINED: 2 };
  const { model, violations } = context;
  const isForced = flag(request, "force") ?? false;
  if (!isForced) violations.record("A close without force: iTerm2 may open a sheet and answer nobody meanwhile");
  const targets: (FakeSession[] | undefined)[] = [
    ...texts(child(request, "sessions") ?? {}, "session_ids").map((id) => one(findSession(context, id))),
    ...texts(child(request, "tabs") ?? {}, "tab_ids").map((id) => model.tab(id)?.tab.root.leaves),
    ...texts(child(request, "windows") ?? {}, "window_ids").map((id) =>
      model.window(id)?.tabs.flatMap((tab) => tab.root.leaves),
    ),
  ];
  const statuses = targets.map((sessions) => {
    const open = sessions?.filter((session) => model.sessions.includes(session));
    if (!open || open.length === 0) return STATUS.NOT_FOUND;
    // The person says no whenever iTerm2 asks.
    if (!isForced && open.some(asksBeforeClosing)) return STATUS.USER_DECLINED;
    for (const session of open) {
      model.disinter(session);
      model.closeSession(session);
    }
    return STATUS.OK;
  });
  return { statuses };
};

export const restartSession: Handler = async (request, context) => {
  const STATUS = { OK: 0, SESSION_NOT_FOUND: 1, SESSION_NOT_RESTARTABLE: 2 };
  const session = findSession(context, text(request, "session_id"));
  if (!session) return { status: STATUS.SESSION_NOT_FOUND };
  if (session.state === "running" && flag(request, "only_if_exited")) return { status: STATUS.SESSION_NOT_RESTARTABLE };
  await context.model.restartSession(session);
  return { status: STATUS.OK };
};

export const reorderTabs: Handler = (request, { model }) => {
  const STATUS = { OK: 0, INVALID_ASSIGNMENT: 1, INVALID_WINDOW_ID: 2, INVALID_TAB_ID: 3 };
  const assignments = children(request, "assignments").map((assignment) => ({
    window: model.window(text(assignment, "window_id") ?? ""),
    tabs: texts(assignment, "tab_ids").map((id) => model.tab(id)?.tab),
  }));
  if (assignments.some(({ window }) => !window)) return { status: STATUS.INVALID_WINDOW_ID };
  const tabs = assignments.flatMap((assignment) => assignment.tabs);
  if (tabs.includes(undefined)) return { status: STATUS.INVALID_TAB_ID };
  const isEachOnce = new Set(tabs).size === tabs.length;
  const isComplete = assignments.every(({ window, tabs: order }) => {
    return order.length === window?.tabs.length && order.every((tab) => tab && window.tabs.includes(tab));
  });
  // Tabs that would change windows are beyond this fake.
  if (!isEachOnce || !isComplete) return { status: STATUS.INVALID_ASSIGNMENT };
  for (const { window, tabs: order } of assignments) {
    window?.tabs.splice(0, window.tabs.length, ...order.filter((tab) => tab !== undefined));
  }
  model.layoutChanged();
  return { status: STATUS.OK };
};

export const setTabLayout: Handler = (request, { model }) => {
  const STATUS = { OK: 0, BAD_TAB_ID: 1, WRONG_TREE: 2, INVALID_SIZE: 3 };
  const tab = model.tab(text(request, "tab_id") ?? "")?.tab;
  if (!tab) return { status: STATUS.BAD_TAB_ID };
  const wanted = leavesOf(child(request, "root") ?? {});
  const panes = tab.root.leaves;
  if (panes.map((pane) => pane.id).join() !== wanted.map(({ id }) => id).join()) return { status: STATUS.WRONG_TREE };
  if (wanted.some(({ width, height }) => width < 1 || height < 1)) return { status: STATUS.INVALID_SIZE };
  const total = tab.root.size;
  panes.forEach((pane, index) => {
    const { width = 1, height = 1 } = wanted[index] ?? {};
    pane.resizeTo({ width, height });
  });
  // Sizes that do not add up are brought in proportion.
  tab.root.layOut(total);
  model.layoutChanged();
  return { status: STATUS.OK };
};

export const savedArrangement: Handler = (request, { model }: { model: Iterm2Model }) => {
  const STATUS = { OK: 0, ARRANGEMENT_NOT_FOUND: 1, WINDOW_NOT_FOUND: 2, REQUEST_MALFORMED: 3 };
  const [name, action] = [text(request, "name"), number(request, "action") ?? 0];
  if (action === 2) return { status: STATUS.OK, names: [...model.arrangements] };
  if (name === undefined) return { status: STATUS.REQUEST_MALFORMED };
  const windowId = text(request, "window_id");
  if (windowId !== undefined && !model.window(windowId)) return { status: STATUS.WINDOW_NOT_FOUND };
  if (action === 1) model.arrangements.push(name);
  return { status: model.arrangements.includes(name) ? STATUS.OK : STATUS.ARRANGEMENT_NOT_FOUND };
};

export const transaction: Handler = (request, { violations }) => {
  if (!flag(request, "begin")) return { status: 1 };
  violations.record("A transaction stops iTerm2's main loop for everybody");
  return { status: 0 };
};

/** The custom profile properties by key; undefined when one is not valid JSON, or null. */
function customProperties(request: Message, { violations }: RequestContext): Map<string, unknown> | undefined {
  const properties = children(request, "custom_profile_properties").map((property) => ({
    key: text(property, "key") ?? "",
    json: parseJson(text(property, "json_value")),
  }));
  const bad = properties.filter(({ json }) => !json || json.value === null);
  for (const { key } of bad) violations.record(`Custom profile property ${key} is not valid JSON, or null`);
  return bad.length > 0 ? undefined : new Map(properties.map(({ key, json }) => [key, json?.value]));
}

function asksBeforeClosing(session: FakeSession): boolean {
  const setting = session.profile.get("Prompt Before Closing 2");
  return session.state === "running" && (setting === 1 || setting === 2);
}

function leavesOf(tree: Message): { id: string; width: number; height: number }[] {
  return children(tree, "links").flatMap((link) => {
    const node = child(link, "node");
    if (node) return leavesOf(node);
    const session = child(link, "session") ?? {};
    const size = child(session, "grid_size") ?? {};
    const id = text(session, "unique_identifier") ?? "";
    return [{ id, width: number(size, "width") ?? 0, height: number(size, "height") ?? 0 }];
  });
}

function one(session: FakeSession | undefined): FakeSession[] | undefined {
  return session ? [session] : undefined;
}
