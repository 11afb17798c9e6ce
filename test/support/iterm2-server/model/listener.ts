import type { FakeSession } from "./session.ts";

/** A FocusChangedNotification, as a message. */
export type FocusEvent =
  | { application_active: boolean }
  | { window: { window_status: 0 | 1 | 2; window_id: string } }
  | { selected_tab: string }
  | { session: string };

export interface VariableChange {
  /** 1 session, 2 tab, 3 window, 4 app. */
  scope: 1 | 2 | 3 | 4;
  identifier: string;
  name: string;
  /** null when it was unset. */
  value: unknown;
}

/** Hears of everything a client can subscribe to. */
export interface ModelListener {
  sessionAdded(session: FakeSession): void;
  sessionEnded(session: FakeSession): void;
  layoutChanged(): void;
  focusChanged(event: FocusEvent): void;
  screenChanged(session: FakeSession): void;
  variableChanged(change: VariableChange): void;
}
