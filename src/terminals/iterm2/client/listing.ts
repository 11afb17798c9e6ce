import type { Iterm2Client, RequestOptions } from "./client.ts";
import type { Listing as ListingMessage, Responses } from "./messages.ts";

export interface SessionInfo {
  /** Upper-case UUID. */
  sessionId: string;
  title: string;
  /** Only of visible sessions. */
  grid?: { columns: number; rows: number };
  /** `minimized`: another pane of its tab is maximised. `buried`: hidden, and in no tab. */
  place: "visible" | "minimized" | "buried";
  tabId?: string;
  windowId?: string;
  /** Runs in tmux integration, where splitting, closing and text input behave differently. */
  isTmux: boolean;
}

/** Order is left to right, or top to bottom; `vertical` is the divider. */
export type SplitTree =
  | { kind: "session"; session: SessionInfo }
  | { kind: "split"; vertical: boolean; children: SplitTree[] };

export interface TabInfo {
  tabId: string;
  root: SplitTree;
  minimized: SessionInfo[];
}

export interface WindowInfo {
  windowId: string;
  number: number;
  tabs: TabInfo[];
}

export interface Listing {
  windows: WindowInfo[];
  /** Every session: of the windows in their order, minimised and buried ones too, and ones whose program has exited. */
  sessions: SessionInfo[];
}

/** All windows, tabs and sessions of iTerm2. */
export async function listSessions(client: Iterm2Client, options: RequestOptions = {}): Promise<Listing> {
  return toListing(await client.call("listSessions", {}, options));
}

export function toListing(message: ListingMessage): Listing {
  const windows = (message.windows ?? []).map(toWindow);
  const sessions = windows.flatMap(({ tabs }) =>
    tabs.flatMap(({ root, minimized }) => [...leaves(root), ...minimized]),
  );
  const buried = (message.buriedSessions ?? []).map((summary) =>
    toSession(summary, { place: "buried", isTmux: false }),
  );
  return { windows, sessions: [...sessions, ...buried] };
}

/** The sessions of a split tree in their order. */
export function leaves(tree: SplitTree): SessionInfo[] {
  return tree.kind === "session" ? [tree.session] : tree.children.flatMap(leaves);
}

type Message<T> = T extends readonly (infer Item)[] ? Item : never;
type WindowMessage = Message<NonNullable<Responses["listSessions"]["windows"]>>;
type TabMessage = Message<NonNullable<WindowMessage["tabs"]>>;
type NodeMessage = NonNullable<TabMessage["root"]>;
type SummaryMessage = Message<NonNullable<TabMessage["minimizedSessions"]>>;
type Where = Pick<SessionInfo, "place" | "tabId" | "windowId" | "isTmux">;

function toWindow(message: WindowMessage): WindowInfo {
  const windowId = message.windowId ?? "";
  return { windowId, number: message.number ?? 0, tabs: (message.tabs ?? []).map((tab) => toTab(tab, windowId)) };
}

function toTab(message: TabMessage, windowId: string): TabInfo {
  const tabId = message.tabId ?? "";
  // tmux_window_id is set for every tab (-1 without tmux), the connection only in tmux integration.
  const where = { tabId, windowId, isTmux: Boolean(message.tmuxConnectionId) };
  return {
    tabId,
    root: toTree(message.root ?? {}, { ...where, place: "visible" }),
    minimized: (message.minimizedSessions ?? []).map((summary) => toSession(summary, { ...where, place: "minimized" })),
  };
}

function toTree({ vertical, links }: NodeMessage, where: Where): SplitTree {
  const children = (links ?? []).flatMap(({ session, node }): SplitTree[] => {
    if (session) return [{ kind: "session", session: toSession(session, where) }];
    return node ? [toTree(node, where)] : [];
  });
  // A tab with one pane has a root with one link.
  const [only] = children;
  return only && children.length === 1 ? only : { kind: "split", vertical: vertical ?? false, children };
}

function toSession({ uniqueIdentifier, title, gridSize }: SummaryMessage, where: Where): SessionInfo {
  return {
    sessionId: uniqueIdentifier ?? "",
    title: title ?? "",
    ...(gridSize && { grid: { columns: gridSize.width ?? 0, rows: gridSize.height ?? 0 } }),
    ...where,
  };
}
