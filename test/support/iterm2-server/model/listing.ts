import type { GridSize } from "../programs/program.ts";
import type { Message } from "../wire/message.ts";
import type { Iterm2Model } from "./model.ts";
import type { FakeSession } from "./session.ts";
import { SplitNode } from "./split-tree.ts";
import type { FakeTab, FakeWindow } from "./window.ts";

/** Points of a cell; only there so that frames look like frames. */
const CELL = { width: 7, height: 14 };

/** The ListSessionsResponse of what there is now. */
export function listing(model: Iterm2Model): Message {
  return {
    windows: model.windows.map(windowEntry),
    // Neither frame nor size: it is not shown.
    buried_sessions: model.buried.map((session) => ({ unique_identifier: session.id, title: session.name })),
  };
}

export function frameOf(size: GridSize): Message {
  return {
    origin: { x: 0, y: 0 },
    size: { width: size.width * CELL.width, height: size.height * CELL.height },
  };
}

function windowEntry(window: FakeWindow): Message {
  return {
    tabs: window.tabs.map(tabEntry),
    window_id: window.id,
    frame: frameOf(window.selectedTab.root.size),
    number: window.number,
  };
}

function tabEntry(tab: FakeTab): Message {
  const { maximized, root } = tab;
  const tmux = root.leaves.find((session) => session.tmux)?.tmux;
  return {
    tab_id: tab.id,
    root: maximized ? { vertical: false, links: [{ session: summary(maximized, root.size) }] } : node(root),
    tmux_window_id: tmux?.windowId ?? "-1",
    ...(tmux ? { tmux_connection_id: tmux.connectionId } : {}),
    minimized_sessions: maximized
      ? root.leaves
          .filter((session) => session !== maximized)
          .map((session) => ({ unique_identifier: session.id, title: session.name }))
      : [],
  };
}

function node(split: SplitNode<FakeSession>): Message {
  return {
    vertical: split.isVertical,
    links: split.children.map((child) =>
      child instanceof SplitNode ? { node: node(child) } : { session: summary(child, child.size) },
    ),
  };
}

function summary(session: FakeSession, size: GridSize): Message {
  return { unique_identifier: session.id, frame: frameOf(size), grid_size: { ...size }, title: session.name };
}
