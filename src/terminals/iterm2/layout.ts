import type { OpenRequest } from "../../core/ports/terminal-backend.ts";
import { type Listing, leaves, type SessionInfo } from "./client/listing.ts";

/** Sizes below which a half is no longer usable for Claude Code's screen. */
const MIN_COLUMNS = 80;
const MIN_ROWS = 20;
/** A cell is about twice as high as it is wide. */
const CELL_RATIO = 2;

export interface Split {
  sessionId: string;
  direction: "vertical" | "horizontal";
}

/**
 * Which pane to split and how; undefined when the layout, or the room that is left, asks for a tab. `auto` takes the
 * largest of our panes in the tab and splits it along its longer side while both halves stay usable.
 * @param from the session that `splitFrom` names, where it is visible
 */
export function splitFor(
  layout: OpenRequest["layout"],
  from: SessionInfo,
  listing: Listing,
  isOurs: (sessionId: string) => boolean,
): Split | undefined {
  switch (layout) {
    case "split-vertical":
      return { sessionId: from.sessionId, direction: "vertical" };
    case "split-horizontal":
      return { sessionId: from.sessionId, direction: "horizontal" };
    case "auto": {
      const panes = panesBeside(from, listing).filter(({ sessionId }) => isOurs(sessionId));
      const [largest] = panes.toSorted((a, b) => area(b) - area(a));
      const direction = largest && longerSide(largest);
      return largest && direction && { sessionId: largest.sessionId, direction };
    }
    default:
      return undefined;
  }
}

/** The visible panes of its tab, itself included. */
export function panesBeside({ windowId, tabId }: SessionInfo, { windows }: Listing): SessionInfo[] {
  const tab = windows.find((window) => window.windowId === windowId)?.tabs.find((one) => one.tabId === tabId);
  return tab ? leaves(tab.root) : [];
}

function longerSide({ grid }: SessionInfo): Split["direction"] | undefined {
  if (!grid) return undefined;
  // The divider takes one.
  const fits = { vertical: grid.columns >= 2 * MIN_COLUMNS + 1, horizontal: grid.rows >= 2 * MIN_ROWS + 1 };
  const longer = grid.columns >= grid.rows * CELL_RATIO ? "vertical" : "horizontal";
  const other = longer === "vertical" ? "horizontal" : "vertical";
  return fits[longer] ? longer : fits[other] ? other : undefined;
}

function area({ grid }: SessionInfo): number {
  return (grid?.columns ?? 0) * (grid?.rows ?? 0);
}
