import type { ChalkInstance } from "chalk";

/** Where a command writes: data to stdout, everything else to stderr. The only place that touches the two streams. */
export interface Output {
  isTerminal: boolean;
  /** A terminal that obeys cursor movements: not one with TERM=dumb, as in editors. */
  canRedraw: boolean;
  columns: number;
  data(text: string): void;
  note(text: string): void;
  /** Size of the terminal now: it may change while a view is open. */
  size(): { rows: number; columns: number };
  /** Rings the terminal's bell. */
  bell(): void;
  /** Colours for stdout; they do nothing where colour is off. */
  paint: ChalkInstance;
}

/**
 * @param wantsColour false for --no-color; NO_COLOR, FORCE_COLOR and a stdout that is no terminal are looked at too
 */
export async function openOutput(wantsColour: boolean, env: Record<string, string | undefined>): Promise<Output> {
  const { stdout, stderr } = process;
  const isTerminal = stdout.isTTY === true;
  const isForced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "";
  const isColoured = wantsColour && !env.NO_COLOR && env.TERM !== "dumb" && (isTerminal || isForced);
  const { Chalk } = await import("chalk");
  return {
    isTerminal,
    canRedraw: isTerminal && env.TERM !== "dumb",
    columns: stdout.columns ?? 80,
    data: (text) => void stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    size: () => ({ rows: stdout.rows ?? 24, columns: stdout.columns ?? 80 }),
    bell: () => void stderr.write("\u0007"),
    note: (text) => void stderr.write(text.endsWith("\n") ? text : `${text}\n`),
    paint: new Chalk({ level: isColoured ? 1 : 0 }),
  };
}

/**
 * What agents, people and file names say, made safe for a terminal: control characters (escape sequences among them)
 * become visible.
 */
export function printable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 32 ? String.fromCodePoint(0x2400 + code) : "\uFFFD";
  });
}

/** Characters that make a text look other than it is: bidirectional controls and what has no width. */
const DECEPTIVE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** As `printable`, for what a person decides by: what could deceive a reader becomes visible, too. */
export function undeceiving(text: string): string {
  return printable(text).replace(DECEPTIVE, "\uFFFD");
}

/**
 * A value as one line of JSON. What a terminal would obey is escaped (JSON itself escapes only what is below U+0020; U+009B
 * begins a sequence as ESC [ does): the document stays the same.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${(character.codePointAt(0) ?? 0).toString(16)}`,
  );
}
