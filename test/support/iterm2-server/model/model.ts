import type { GridSize, Launch, Program } from "../programs/program.ts";
import type { ServerClock } from "../server-clock.ts";
import type { Violations } from "../violations.ts";
import { Desktop } from "./desktop.ts";
import { launchOf } from "./launch.ts";
import type { ProfileSpec } from "./profiles.ts";
import { FakeSession } from "./session.ts";
import { halves } from "./split-tree.ts";
import type { FakeWindow, Place } from "./window.ts";

export interface ModelOptions {
  profiles: readonly ProfileSpec[];
  /** Grid of a new window. */
  grid: GridSize;
  /** No split makes a pane smaller than this. */
  minimumPane: GridSize;
  home: string;
  clock: ServerClock;
  violations: Violations;
  /** Starts what a session runs. */
  makeProgram(launch: Launch): Program;
}

export interface NewSession {
  profileName?: string | undefined;
  overrides?: ReadonlyMap<string, unknown>;
}

export interface RestartOptions {
  /**
   * `same`: every id is kept; `new`: none is; `renumbered`: only the tabs get other numbers, which named other tabs
   * before; `shuffled`: each session has the id that another one had.
   */
  ids?: "same" | "new" | "renumbered" | "shuffled";
  /** Whether the `user.*` variables were saved. */
  variables?: "kept" | "lost";
  /** Whether the programs run on; else each pane has a new shell. */
  jobs?: "survive" | "killed";
}

/** The state of one iTerm2: what its windows show, and what becomes of it when a person or a client does something. */
export class Iterm2Model extends Desktop {
  /** Names of saved arrangements. */
  readonly arrangements: string[] = [];
  readonly appVariables = new Map<string, unknown>();
  readonly #options: ModelOptions;
  readonly #closing = new Map<FakeSession, { place: Place | undefined; cancel: () => void }>();
  readonly #programs = new Set<Program>();

  constructor(options: ModelOptions) {
    super();
    this.#options = options;
  }

  profile(name: string | undefined): ProfileSpec | undefined {
    const { profiles } = this.#options;
    return name === undefined ? profiles[0] : profiles.find((profile) => profile.name === name);
  }

  get profiles(): readonly ProfileSpec[] {
    return this.#options.profiles;
  }

  /** A tab in a window, or in a new one. The profile must exist. */
  async createTab(
    options: NewSession & { window?: FakeWindow | undefined; index?: number | undefined; isSelected: boolean },
  ): Promise<Place & { session: FakeSession }> {
    const window = options.window;
    const size = window?.selectedTab.root.size ?? this.#options.grid;
    const session = this.#newSession(options, {
      size,
      windowIndex: window ? this.windows.indexOf(window) : this.windows.length,
      tabIndex: options.index ?? window?.tabs.length ?? 0,
    });
    const tab = this.newTab(session);
    // It may be told before it can be listed.
    this.tell((listener) => listener.sessionAdded(session));
    const home = window ?? this.addWindow(tab);
    if (window) window.tabs.splice(options.index ?? window.tabs.length, 0, tab);
    await this.#start(session);
    // A program that ended at once may have taken its tab along.
    if (options.isSelected && home.tabs.includes(tab)) {
      home.selectedTab = tab;
      this.orderFront(home);
      this.tellFocus({ selected_tab: tab.id });
      this.tellFocus({ session: session.id });
    }
    this.layoutChanged();
    return { window: home, tab, session };
  }

  /** A pane beside that one, or undefined when there is no room. The profile must exist. */
  async splitPane(
    beside: FakeSession,
    options: NewSession & { isVertical: boolean; isBefore: boolean },
  ): Promise<FakeSession | undefined> {
    const place = this.placeOf(beside);
    const { width, height } = beside.size;
    const [, extent] = halves(options.isVertical ? width : height);
    const { minimumPane } = this.#options;
    if (!place || extent < (options.isVertical ? minimumPane.width : minimumPane.height)) return undefined;
    const { window, tab } = place;
    const session = this.#newSession(options, {
      size: beside.size,
      windowIndex: this.windows.indexOf(window),
      tabIndex: window.tabs.indexOf(tab),
      paneIndex: tab.root.leaves.length,
      previousCwd: beside.launch.cwd,
    });
    this.tell((listener) => listener.sessionAdded(session));
    tab.maximized = undefined;
    tab.root.split(beside, session, options);
    // What is typed into that tab now goes to the new pane.
    tab.activeSession = session;
    await this.#start(session);
    this.tellFocus({ session: session.id });
    this.layoutChanged();
    return session;
  }

  /** The pane goes at once; its program is paused, and ended when the close cannot be undone any more. */
  closeSession(session: FakeSession): void {
    const place = this.placeOf(session);
    this.takeOut(session);
    if (session.state === "running" && !session.tmux) {
      session.state = "closing";
      session.program.pause();
      const undoMs = Number(session.profile.get("Session Close Undo Timeout") ?? 5) * 1000;
      const cancel = this.#options.clock.after(undoMs, () => this.#closing.has(session) && this.#finishClose(session));
      this.#closing.set(session, { place, cancel });
      this.layoutChanged();
    } else {
      this.layoutChanged();
      this.#finishClose(session);
    }
  }

  /** The person takes a close back: the same session, with the same id. */
  undoClose(id: string): FakeSession {
    const [session, entry] = [...this.#closing].find(([candidate]) => candidate.id === id) ?? [];
    if (!session || !entry) throw new Error(`No close of session ${id} can be undone`);
    entry.cancel();
    this.#closing.delete(session);
    session.state = "running";
    session.program.resume();
    this.tell((listener) => listener.sessionAdded(session));
    this.putBack(session, entry.place);
    this.layoutChanged();
    return session;
  }

  /** Ids of closed sessions whose programs still wait for the end of the undo delay. */
  get closing(): string[] {
    return [...this.#closing.keys()].map((session) => session.id);
  }

  /** Another session with another id takes the pane over. */
  async restartSession(session: FakeSession): Promise<FakeSession> {
    const wasRunning = session.state === "running";
    const fresh = this.#replacement(session);
    session.state = "gone";
    session.program.hangUp();
    if (wasRunning) this.tell((listener) => listener.sessionEnded(session));
    this.tell((listener) => listener.sessionAdded(fresh));
    const place = this.placeOf(session);
    if (place) {
      place.tab.root.replace(session, fresh);
      if (place.tab.activeSession === session) place.tab.activeSession = fresh;
      if (place.tab.maximized === session) place.tab.maximized = fresh;
    } else this.buried.splice(this.buried.indexOf(session), 1, fresh);
    await this.#start(fresh);
    this.layoutChanged();
    return fresh;
  }

  /** What a restart of iTerm2 makes of it all. Every connection must have been dropped before. */
  async restart({ ids = "same", variables = "kept", jobs = "survive" }: RestartOptions): Promise<void> {
    for (const session of [...this.#closing.keys()]) this.#finishClose(session);
    const sessions = this.sessions;
    if (variables === "lost") for (const session of sessions) session.user.clear();
    if (ids === "shuffled") {
      const before = sessions.map((session) => session.id);
      sessions.forEach((session, index) => {
        session.id = before[(index + 1) % before.length] ?? session.id;
      });
    }
    if (ids === "new") {
      for (const session of sessions) session.id = this.ids.session();
      for (const window of this.windows) window.id = this.ids.window();
    }
    if (ids === "new" || ids === "renumbered") {
      this.ids.restartTabs();
      const tabs = this.windows.flatMap((window) => window.tabs);
      // From the last to the first, so that most numbers now name another tab.
      for (const tab of tabs.reverse()) tab.id = String(this.ids.tab());
    }
    this.isAppActive = false;
    if (jobs === "survive") return;
    for (const session of sessions) {
      const former = session.program;
      session.state = "running";
      session.profile.set("Custom Command", "No");
      session.launch = { ...session.launch, argv: [] };
      session.program = this.#options.makeProgram(session.launch);
      this.#programs.add(session.program);
      former.hangUp();
      await this.#start(session);
    }
  }

  /** Ends every program that was ever started. */
  async dispose(): Promise<void> {
    for (const { cancel } of this.#closing.values()) cancel();
    this.#closing.clear();
    this.listeners.clear();
    await Promise.all([...this.#programs].map((program) => program.destroy()));
  }

  #newSession(
    { profileName, overrides }: NewSession,
    at: { size: GridSize; windowIndex: number; tabIndex: number; paneIndex?: number; previousCwd?: string },
  ): FakeSession {
    const base = this.profile(profileName);
    if (!base) throw new Error(`No profile ${profileName}`);
    const profile = new Map<string, unknown>([
      ["Name", base.name],
      ["Guid", base.guid],
      ...Object.entries(base.properties),
      ...(overrides ?? []),
    ]);
    const id = this.ids.session();
    const launch = this.#launch(id, profile, at);
    const program = this.#options.makeProgram(launch);
    this.#programs.add(program);
    return new FakeSession({ id, size: at.size, profile, launch, program });
  }

  #replacement(session: FakeSession): FakeSession {
    const id = this.ids.session();
    const position = session.launch.env.ITERM_SESSION_ID?.split(":")[0] ?? "w0t0p0";
    const env = { ...session.launch.env, ITERM_SESSION_ID: `${position}:${id}`, TERM_SESSION_ID: `${position}:${id}` };
    const launch = { ...session.launch, sessionId: id, env };
    const program = this.#options.makeProgram(launch);
    this.#programs.add(program);
    const { size, profile, user } = session;
    const fresh = new FakeSession({ id, size, profile, user, launch, program });
    fresh.isBuried = session.isBuried;
    return fresh;
  }

  #launch(
    sessionId: string,
    profile: ReadonlyMap<string, unknown>,
    at: { windowIndex: number; tabIndex: number; paneIndex?: number; previousCwd?: string },
  ): Launch {
    return launchOf(profile, {
      sessionId,
      position: `w${at.windowIndex}t${at.tabIndex}p${at.paneIndex ?? 0}`,
      home: this.#options.home,
      previousCwd: at.previousCwd,
      onViolation: (what) => this.#options.violations.record(what),
    });
  }

  async #start(session: FakeSession): Promise<void> {
    const { program } = session;
    await program.start(
      {
        screenChanged: () => session.program === program && this.#screenChanged(session),
        exited: () => session.program === program && this.#programExited(session),
      },
      session.size,
    );
  }

  #screenChanged(session: FakeSession): void {
    if (session.state !== "gone") this.tell((listener) => listener.screenChanged(session));
  }

  #programExited(session: FakeSession): void {
    if (session.state === "closing") this.#finishClose(session);
    if (session.state !== "running") return;
    session.state = "exited";
    this.tell((listener) => listener.sessionEnded(session));
    const endAction = session.profile.get("Close Sessions On End");
    if (endAction === 1) {
      this.takeOut(session);
      session.state = "gone";
      this.layoutChanged();
    } else if (endAction === 2) void this.restartSession(session);
  }

  #finishClose(session: FakeSession): void {
    this.#closing.get(session)?.cancel();
    this.#closing.delete(session);
    const wasRunning = session.state !== "exited";
    session.state = "gone";
    if (wasRunning) session.program.hangUp();
    else void session.program.destroy();
    // Sent again for a session whose program had exited long before.
    this.tell((listener) => listener.sessionEnded(session));
  }
}
