import { toCells } from "../cells.ts";
import type { FakeSession } from "../model/session.ts";
import type { Snapshot } from "../programs/program.ts";
import { bytes, child, flag, type Message, number, text, texts } from "../wire/message.ts";
import { findSession, findSessions, type Handler } from "./context.ts";

/** The server's own cap (iterm2-facts §4, "Read"). */
const MAX_TRAILING_LINES = 1_000_000;
const CONTINUATION = { HARD_EOL: 1, SOFT_EOL: 2 } as const;

export const sendText: Handler = (request, context) => {
  const STATUS = { OK: 0, SESSION_NOT_FOUND: 1 };
  if (!flag(request, "suppress_broadcast")) {
    context.violations.record("SendText without suppress_broadcast: it reaches other panes of the person as well");
  }
  const sessions = findSessions(context, text(request, "session"));
  const running = sessions.filter((session) => session.state === "running");
  if (running.length === 0) return { status: STATUS.SESSION_NOT_FOUND };
  const data = Buffer.from(text(request, "text") ?? "", "utf8");
  if (data.length === 0) return { status: STATUS.OK };
  for (const session of running) {
    session.sent.push(data);
    session.program.write(data);
  }
  return { status: STATUS.OK };
};

export const getBuffer: Handler = async (request, context) => {
  const STATUS = { OK: 0, SESSION_NOT_FOUND: 1 };
  const session = findSession(context, text(request, "session"));
  if (!session) return { status: STATUS.SESSION_NOT_FOUND };
  const range = child(request, "line_range") ?? {};
  const choices = ["screen_contents_only", "trailing_lines", "windowed_coord_range"].filter((name) => name in range);
  // The status for it never reaches the wire: the response comes without a submessage.
  if (choices.length !== 1) return undefined;
  const trailing = number(range, "trailing_lines");
  const coords = child(child(range, "windowed_coord_range") ?? {}, "coord_range");
  const scrollback = coords ? MAX_TRAILING_LINES : Math.min(trailing ?? 0, MAX_TRAILING_LINES);
  if (scrollback < 0) return undefined;
  const { program } = session;
  const snapshot = await program.snapshot(scrollback).catch((error: unknown) => {
    const isThere = context.model.sessions.includes(session) && session.program === program;
    if (isThere) throw error;
    return undefined;
  });
  // It went while its screen was read.
  if (!snapshot) return { status: STATUS.SESSION_NOT_FOUND };
  const end = snapshot.firstLine + snapshot.rows.length;
  if (coords) {
    const first = number(child(coords, "start") ?? {}, "y") ?? 0;
    const last = number(child(coords, "end") ?? {}, "y") ?? 0;
    if (first > last || first < snapshot.firstLine || first >= end) return undefined;
    return { status: STATUS.OK, ...bufferOf(session, snapshot, first, Math.min(last + 1, end)) };
  }
  const from = trailing === undefined ? snapshot.screenTop : Math.max(snapshot.firstLine, end - trailing);
  return { status: STATUS.OK, ...bufferOf(session, snapshot, from, end) };
};

export const inject: Handler = (request, context) => {
  const data = Buffer.from(bytes(request, "data") ?? new Uint8Array());
  const status = texts(request, "session_id").map((id) => {
    const session = findSession(context, id);
    session?.program.show(data);
    return session ? 0 : 1;
  });
  return { status };
};

/** There is no shell integration in here, as in most panes. */
export const getPrompt: Handler = (request, context) => {
  const STATUS = { SESSION_NOT_FOUND: 1, PROMPT_UNAVAILABLE: 3 };
  const session = findSession(context, text(request, "session"));
  return { status: session ? STATUS.PROMPT_UNAVAILABLE : STATUS.SESSION_NOT_FOUND };
};

export const listPrompts: Handler = (request, context) => {
  return { status: findSession(context, text(request, "session")) ? 0 : 1, unique_prompt_id: [] };
};

/** Lines `from` to `to` (exclusive) of the snapshot. */
function bufferOf(session: FakeSession, snapshot: Snapshot, from: number, to: number): Message {
  const rows = snapshot.rows.slice(from - snapshot.firstLine, to - snapshot.firstLine);
  return {
    range: { location: from, length: rows.length },
    contents: rows.map((row) => {
      const { text: contents, runs } = toCells(row.text);
      const continuation = row.isWrapped ? CONTINUATION.SOFT_EOL : CONTINUATION.HARD_EOL;
      // One code point per cell is the default of the field: it stays off the wire.
      const code_points_per_cell = runs.map(({ num_code_points, repeats }) =>
        num_code_points === 1 ? { repeats } : { num_code_points, repeats },
      );
      return { text: contents, code_points_per_cell, continuation };
    }),
    cursor: { ...snapshot.cursor },
    num_lines_above_screen: snapshot.screenTop,
    windowed_coord_range: {
      coord_range: { start: { x: 0, y: from }, end: { x: session.size.width, y: to - 1 } },
    },
  };
}
