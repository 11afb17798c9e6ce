export interface GridSize {
  width: number;
  height: number;
}

/** A row of the grid, trailing blanks removed. */
export interface Row {
  text: string;
  /** The row goes on in the next one: it was wrapped, not ended. */
  isWrapped: boolean;
}

/** Part of what a program has shown. Line numbers are absolute: they never change while the line exists. */
export interface Snapshot {
  /** The rows that were asked for: the screen and as many lines above it as exist. */
  rows: Row[];
  /** Number of the first of them. */
  firstLine: number;
  /** Number of the first row of the screen itself. */
  screenTop: number;
  /** Lines that fell off the end of the scrollback. */
  overflow: number;
  /** `y` is a line number. */
  cursor: { x: number; y: number };
  isAlternate: boolean;
}

/** What a program tells the session it runs in. */
export interface ProgramHost {
  screenChanged(): void;
  /** Called once, however the program ended. */
  exited(): void;
}

/** What runs in a session of the fake iTerm2. */
export interface Program {
  /** Process id once it runs; scripted programs make one up. */
  readonly pid: number | undefined;
  readonly tty: string | undefined;
  readonly jobName: string;
  /** Resolves when the process exists, not when it is ready for anything. */
  start(host: ProgramHost, size: GridSize): Promise<void>;
  write(data: Buffer): void;
  resize(size: GridSize): void;
  /** The screen and up to `scrollback` lines above it. Works after the end of the program, too. */
  snapshot(scrollback: number): Promise<Snapshot>;
  /** Bytes shown as if the program had printed them. */
  show(data: Buffer): void;
  /** Stopped without its knowing, as while a close can be undone. */
  pause(): void;
  resume(): void;
  /** As when its pane closes: SIGHUP, and the terminal is gone. */
  hangUp(): void;
  /** Frees whatever is left, by force; nothing of the program runs afterwards. */
  destroy(): Promise<void>;
}

/** What a session starts, as worked out from its profile. */
export interface Launch {
  sessionId: string;
  /** Empty for the login shell. */
  argv: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
}
