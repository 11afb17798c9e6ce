import type { FakeSession } from "./session.ts";
import type { SplitNode } from "./split-tree.ts";

export interface FakeTab {
  /** Decimal number as text, as in requests. */
  id: string;
  root: SplitNode<FakeSession>;
  /** The pane that fills the tab while the others are minimized. */
  maximized: FakeSession | undefined;
  activeSession: FakeSession;
  titleOverride: string | undefined;
  readonly user: Map<string, unknown>;
}

export interface FakeWindow {
  id: string;
  number: number;
  tabs: FakeTab[];
  selectedTab: FakeTab;
  titleOverride: string | undefined;
  isFullscreen: boolean;
  readonly user: Map<string, unknown>;
}

/** Where a session is shown. */
export interface Place {
  window: FakeWindow;
  tab: FakeTab;
}
