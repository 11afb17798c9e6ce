import { type Row, toRow } from "./cells.ts";
import type { Iterm2Client, RequestOptions } from "./client.ts";
import type { Responses } from "./messages.ts";

export interface Screen {
  /** As on the screen, from the top. */
  rows: Row[];
  /** What was written: rows that iTerm2 wrapped are joined. Without trailing blanks. */
  lines: string[];
  /** Counted from 0; `row` from the first of `rows`, and negative when it is above them. */
  cursor: { column: number; row: number };
  /** Number of the first row since the session began; scrolling does not change a row's number. */
  firstRow: number;
}

/** iTerm2 itself stops at a million, which is an answer of a hundred megabytes. */
const MOST_TRAILING_LINES = 5_000;

/**
 * The screen that the program writes to, also while the person has scrolled back.
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND)
 */
export async function getScreen(
  client: Iterm2Client,
  sessionId: string,
  options: RequestOptions = {},
): Promise<Screen> {
  return await getBuffer(client, sessionId, { screenContentsOnly: true }, options);
}

/**
 * The last rows of scrollback and screen. A program on the alternate screen has no scrollback.
 * @param count 1 to 5 000; more is cut to that
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND)
 */
export async function getTrailingLines(
  client: Iterm2Client,
  sessionId: string,
  count: number,
  options: RequestOptions = {},
): Promise<Screen> {
  const trailingLines = Math.min(MOST_TRAILING_LINES, Math.max(1, Math.trunc(count)));
  return await getBuffer(client, sessionId, { trailingLines }, options);
}

/** Exactly one of the two: with both iTerm2 answers nothing, and false counts as given. */
type LineRange = { screenContentsOnly: true } | { trailingLines: number };

async function getBuffer(
  client: Iterm2Client,
  sessionId: string,
  lineRange: LineRange,
  options: RequestOptions,
): Promise<Screen> {
  const answer = await client.call("getBuffer", { session: sessionId, lineRange }, { ...options, ids: [sessionId] });
  return toScreen(answer);
}

export function toScreen({ contents, cursor, windowedCoordRange }: Responses["getBuffer"]): Screen {
  const rows = (contents ?? []).map(toRow);
  const firstRow = windowedCoordRange?.coordRange?.start?.y ?? 0;
  return {
    rows,
    lines: joined(rows),
    cursor: { column: cursor?.x ?? 0, row: (cursor?.y ?? 0) - firstRow },
    firstRow,
  };
}

function joined(rows: readonly Row[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const { cells, isWrapped } of rows) {
    line += cells.join("");
    if (isWrapped) continue;
    lines.push(line.trimEnd());
    line = "";
  }
  if (rows.at(-1)?.isWrapped) lines.push(line.trimEnd());
  return lines;
}
