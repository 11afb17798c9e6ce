import { Ids } from "./ids.ts";
import type { FocusEvent, ModelListener } from "./listener.ts";
import type { FakeSession } from "./session.ts";
import { SplitNode } from "./split-tree.ts";
import type { FakeTab, FakeWindow, Place } from "./window.ts";

/** What is to be seen: windows, their tabs and panes, what is hidden, and where the focus is. */
export class Desktop {
  readonly windows: FakeWindow[] = [];
  readonly buried: FakeSession[] = [];
  /** Is iTerm2 the application in front? */
  isAppActive = false;
  currentWindow: FakeWindow | undefined;
  protected readonly ids = new Ids();
  protected readonly listeners = new Set<ModelListener>();

  listen(listener: ModelListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All sessions that a client can name: in windows, minimized, buried; the exited ones that are still shown, too. */
  get sessions(): FakeSession[] {
    return [...this.windows.flatMap((window) => window.tabs.flatMap((tab) => tab.root.leaves)), ...this.buried];
  }

  session(id: string): FakeSession | undefined {
    return this.sessions.find((session) => session.id === id);
  }

  window(id: string): FakeWindow | undefined {
    return this.windows.find((window) => window.id === id);
  }

  tab(id: string): Place | undefined {
    for (const window of this.windows) {
      const tab = window.tabs.find((candidate) => candidate.id === id);
      if (tab) return { window, tab };
    }
    return undefined;
  }

  placeOf(session: FakeSession): Place | undefined {
    for (const window of this.windows) {
      const tab = window.tabs.find((candidate) => candidate.root.leaves.includes(session));
      if (tab) return { window, tab };
    }
    return undefined;
  }

  /** The person hides the session; it lives on without a pane. */
  bury(session: FakeSession): void {
    this.takeOut(session);
    session.isBuried = true;
    this.buried.push(session);
    this.layoutChanged();
  }

  disinter(session: FakeSession): void {
    if (!session.isBuried) return;
    this.buried.splice(this.buried.indexOf(session), 1);
    session.isBuried = false;
    this.putBack(session, undefined);
    this.layoutChanged();
  }

  /** The pane fills its tab, the others are minimized; undefined takes it back. */
  maximize(tab: FakeTab, session: FakeSession | undefined): void {
    tab.maximized = session;
    this.layoutChanged();
  }

  /** Moves a shown session beside another one. */
  move(session: FakeSession, beside: FakeSession, where: { isVertical: boolean; isBefore: boolean }): void {
    this.takeOut(session);
    this.placeOf(beside)?.tab.root.split(beside, session, where);
    this.layoutChanged();
  }

  /** As when a person, or Activate, brings it forward. */
  select({
    window,
    tab,
    session,
  }: {
    window: FakeWindow;
    tab?: FakeTab | undefined;
    session?: FakeSession | undefined;
  }): void {
    if (tab) {
      window.selectedTab = tab;
      this.tellFocus({ selected_tab: tab.id });
    }
    if (tab && session) {
      tab.activeSession = session;
      this.tellFocus({ session: session.id });
    }
  }

  setAppActive(isActive: boolean): void {
    if (this.isAppActive === isActive) return;
    this.isAppActive = isActive;
    this.tellFocus({ application_active: isActive });
    if (this.currentWindow) {
      this.tellFocus({ window: { window_status: isActive ? 0 : 2, window_id: this.currentWindow.id } });
    }
  }

  layoutChanged(): void {
    this.tell((listener) => listener.layoutChanged());
  }

  variableChanged(scope: 1 | 2 | 3 | 4, identifier: string, name: string, value: unknown): void {
    this.tell((listener) => listener.variableChanged({ scope, identifier, name, value }));
  }

  protected takeOut(session: FakeSession): void {
    if (session.isBuried) {
      session.isBuried = false;
      this.buried.splice(this.buried.indexOf(session), 1);
      return;
    }
    const place = this.placeOf(session);
    if (!place) return;
    const { window, tab } = place;
    if (tab.maximized === session) tab.maximized = undefined;
    tab.root.remove(session);
    const [first] = tab.root.leaves;
    if (first) {
      if (tab.activeSession === session) tab.activeSession = first;
      return;
    }
    const index = window.tabs.indexOf(tab);
    window.tabs.splice(index, 1);
    const next = window.tabs[Math.min(index, window.tabs.length - 1)];
    if (next) {
      if (window.selectedTab === tab) window.selectedTab = next;
      return;
    }
    this.windows.splice(this.windows.indexOf(window), 1);
    if (this.currentWindow === window) this.currentWindow = this.windows.at(-1);
  }

  protected putBack(session: FakeSession, place: Place | undefined): void {
    const window = place && this.windows.includes(place.window) ? place.window : this.currentWindow;
    if (place && window?.tabs.includes(place.tab)) {
      place.tab.root.split(place.tab.activeSession, session, { isVertical: true, isBefore: false });
      return;
    }
    const tab = this.newTab(session);
    if (window) window.tabs.push(tab);
    else this.addWindow(tab);
  }

  /** A tab of this one session, not yet in a window. */
  protected newTab(session: FakeSession): FakeTab {
    return {
      id: String(this.ids.tab()),
      root: new SplitNode(false, [session]),
      maximized: undefined,
      activeSession: session,
      titleOverride: undefined,
      user: new Map(),
    };
  }

  protected addWindow(tab: FakeTab): FakeWindow {
    const number = Math.max(-1, ...this.windows.map((window) => window.number)) + 1;
    const window: FakeWindow = {
      id: this.ids.window(),
      number,
      tabs: [tab],
      selectedTab: tab,
      titleOverride: undefined,
      isFullscreen: false,
      user: new Map(),
    };
    this.windows.push(window);
    this.currentWindow ??= window;
    return window;
  }

  /** Orders it before the other windows of iTerm2, not before other apps. */
  orderFront(window: FakeWindow): void {
    if (this.currentWindow === window) return;
    const former = this.currentWindow;
    this.currentWindow = window;
    if (former && this.isAppActive) this.tellFocus({ window: { window_status: 2, window_id: former.id } });
    this.tellFocus({ window: { window_status: this.isAppActive ? 0 : 1, window_id: window.id } });
  }

  protected tellFocus(event: FocusEvent): void {
    this.tell((listener) => listener.focusChanged(event));
  }

  protected tell(say: (listener: ModelListener) => void): void {
    for (const listener of [...this.listeners]) say(listener);
  }
}
