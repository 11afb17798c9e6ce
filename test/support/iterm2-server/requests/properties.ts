import { frameOf } from "../model/listing.ts";
import { isOfKind } from "../model/profiles.ts";
import type { FakeSession } from "../model/session.ts";
import type { FakeWindow } from "../model/window.ts";
import { child, children, text, texts } from "../wire/message.ts";
import { findSession, findSessions, type Handler, parseJson } from "./context.ts";

export const getProfileProperty: Handler = (request, context) => {
  const STATUS = { OK: 0, SESSION_NOT_FOUND: 1 };
  const session = findSession(context, text(request, "session"));
  if (!session) return { status: STATUS.SESSION_NOT_FOUND };
  const keys = texts(request, "keys");
  const wanted = keys.length > 0 ? keys.filter((key) => session.profile.has(key)) : [...session.profile.keys()];
  const properties = wanted.map((key) => ({ key, json_value: JSON.stringify(session.profile.get(key)) }));
  return { status: STATUS.OK, properties };
};

export const setProfileProperty: Handler = (request, context) => {
  const STATUS = { OK: 0, SESSION_NOT_FOUND: 1, REQUEST_MALFORMED: 2, BAD_GUID: 3 };
  if (child(request, "guid_list")) {
    context.violations.record("SetProfileProperty with guid_list: it edits the person's own profile");
    return { status: STATUS.BAD_GUID };
  }
  const sessions = findSessions(context, text(request, "session"));
  if (sessions.length === 0) return { status: STATUS.SESSION_NOT_FOUND };
  const deprecated = text(request, "key") === undefined ? [] : [request];
  const assignments = [...deprecated, ...children(request, "assignments")].map((assignment) => ({
    key: text(assignment, "key") ?? "",
    json: parseJson(text(assignment, "json_value")),
  }));
  if (assignments.length === 0 || assignments.some(({ key, json }) => !json || !isOfKind(key, json.value))) {
    return { status: STATUS.REQUEST_MALFORMED };
  }
  for (const session of sessions) {
    for (const { key, json } of assignments) {
      session.profile.set(key, json?.value);
      if (key === "Name") context.model.variableChanged(1, session.id, "name", json?.value);
    }
  }
  return { status: STATUS.OK };
};

export const listProfiles: Handler = (request, { model }) => {
  const [wanted, guids] = [texts(request, "properties"), texts(request, "guids")];
  const profiles = model.profiles
    .filter((profile) => guids.length === 0 || guids.includes(profile.guid))
    .map((profile) => {
      const all = { Name: profile.name, Guid: profile.guid, ...profile.properties };
      const entries = Object.entries(all).filter(([key]) => wanted.length === 0 || wanted.includes(key));
      return { properties: entries.map(([key, value]) => ({ key, json_value: JSON.stringify(value) })) };
    });
  return { profiles };
};

export const getProperty: Handler = async (request, context) => {
  const STATUS = { OK: 0, UNRECOGNIZED_NAME: 1, INVALID_TARGET: 2 };
  const windowId = text(request, "window_id");
  const name = text(request, "name") ?? "";
  let value: unknown;
  if (windowId !== undefined) {
    const window = context.model.window(windowId);
    if (!window) return { status: STATUS.INVALID_TARGET };
    value = windowProperty(window, name);
  } else {
    const session = findSession(context, text(request, "session_id"));
    if (!session) return { status: STATUS.INVALID_TARGET };
    value = await sessionProperty(session, name);
  }
  if (value === undefined) return { status: STATUS.UNRECOGNIZED_NAME };
  return { status: STATUS.OK, json_value: JSON.stringify(value) };
};

export const setProperty: Handler = (request, context) => {
  const STATUS = { OK: 0, UNRECOGNIZED_NAME: 1, INVALID_VALUE: 2, INVALID_TARGET: 3, DEFERRED: 4, IMPOSSIBLE: 5 };
  const { model } = context;
  const name = text(request, "name");
  const json = parseJson(text(request, "json_value"));
  const windowId = text(request, "window_id");
  if (windowId !== undefined) {
    const window = model.window(windowId);
    if (!window) return { status: STATUS.INVALID_TARGET };
    if (name === "frame") return { status: json ? STATUS.OK : STATUS.INVALID_VALUE };
    if (name !== "fullscreen") return { status: STATUS.UNRECOGNIZED_NAME };
    if (typeof json?.value !== "boolean") return { status: STATUS.INVALID_VALUE };
    window.isFullscreen = json.value;
    return { status: STATUS.OK };
  }
  const id = text(request, "session_id");
  // `all` only reaches the first one.
  const session = id === "all" ? model.sessions[0] : findSession(context, id);
  if (!session) return { status: STATUS.INVALID_TARGET };
  if (name === "buried") {
    if (typeof json?.value !== "boolean") return { status: STATUS.INVALID_VALUE };
    if (json.value && !session.isBuried) model.bury(session);
    if (!json.value) model.disinter(session);
    return { status: STATUS.OK };
  }
  if (name !== "grid_size") return { status: STATUS.UNRECOGNIZED_NAME };
  const size = json?.value as { width?: unknown; height?: unknown } | null | undefined;
  if (typeof size?.width !== "number" || typeof size.height !== "number") return { status: STATUS.INVALID_VALUE };
  const place = model.placeOf(session);
  if (!place) return { status: STATUS.IMPOSSIBLE };
  const { root } = place.tab;
  // A pane among others gets its size only through the layout of its tab.
  if (root.leaves.length > 1) return { status: STATUS.DEFERRED };
  root.layOut({ width: size.width, height: size.height });
  model.layoutChanged();
  return { status: STATUS.OK };
};

function windowProperty(window: FakeWindow, name: string): unknown {
  if (name === "frame") return frameOf(window.selectedTab.root.size);
  return name === "fullscreen" ? window.isFullscreen : undefined;
}

async function sessionProperty(session: FakeSession, name: string): Promise<unknown> {
  if (name === "buried") return session.isBuried;
  // The getter reports one less than the summary (iterm2-facts §4, "Properties").
  if (name === "grid_size") return { width: session.size.width - 1, height: session.size.height - 1 };
  if (name !== "number_of_lines") return undefined;
  const { overflow, screenTop } = await session.program.snapshot(0);
  return { overflow, grid: session.size.height, history: screenTop - overflow, first_visible: screenTop };
}
