import { type HookEvent, parseHookEvent, parseWaiter } from "./hook-event.ts";
import { objectEnd } from "./object-end.ts";

/** What every hook event begins with, in both versions (claude-code-samples/hooks-stdin-*). */
const EVENT_START = Buffer.from('{"session_id"');
const LINE_FEED = 0x0a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A larger event cannot be: it is damage that never closes. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;

/**
 * Cuts the bytes of a spool into hook events, whatever the chunking. There may be nothing between two events, a writer
 * may have died in the middle of one, and two large writes may be mixed: what is damaged is skipped, what follows is not.
 */
export class EventSplitter {
  #rest: Buffer = Buffer.alloc(0);
  /** Chunks that wait to be joined to the rest. */
  #added: Buffer[] = [];
  #addedBytes = 0;
  #offset: number;
  #mustSync: boolean;
  /** Length at which the unfinished event is scanned again, so that a large one is not scanned at every chunk. */
  #scanAgainAt = 0;

  /** With `isInside`, the offset may lie inside an event, whose rest is skipped. */
  constructor(offset: number, options: { isInside: boolean }) {
    this.#offset = offset;
    this.#mustSync = options.isInside;
  }

  /** Offset to go on from later: the start of what is not complete yet. */
  get offset(): number {
    return this.#offset;
  }

  push(chunk: Buffer): HookEvent[] {
    this.#added.push(chunk);
    this.#addedBytes += chunk.length;
    if (this.#rest.length + this.#addedBytes < this.#scanAgainAt) return [];
    const events = this.#scan();
    this.#scanAgainAt = this.#rest.length * 2;
    return events;
  }

  /** Events of what is left when no more bytes are there now. */
  finish(): HookEvent[] {
    return this.#scan();
  }

  #scan(): HookEvent[] {
    this.#rest = Buffer.concat([this.#rest, ...this.#added]);
    this.#added = [];
    this.#addedBytes = 0;
    const events: HookEvent[] = [];
    let at = 0;
    while (at < this.#rest.length) {
      if (this.#mustSync) {
        at = this.#nextBoundary(at);
        if (at >= this.#rest.length) break;
        this.#mustSync = false;
      }
      const byte = this.#rest[at];
      if (byte !== OPEN_OBJECT) {
        at += 1;
        continue;
      }
      const found = this.#eventAt(at);
      if (found === "more" && this.#rest.length - at <= MAX_EVENT_BYTES) break;
      if (found === "more" || found === "broken") at = this.#nextStart(at + 1);
      else {
        events.push(found.event);
        at = found.end;
      }
    }
    at = Math.min(at, this.#rest.length);
    this.#rest = this.#rest.subarray(at);
    this.#offset += at;
    return events;
  }

  /** The event that begins here, with the waiter in front of it: one is not complete without the other. */
  #eventAt(at: number): { event: HookEvent; end: number } | "more" | "broken" {
    const first = objectEnd(this.#rest, at);
    if (first.kind !== "end") return first.kind;
    const waiter = parseWaiter(this.#rest.subarray(at, first.at));
    const start = waiter === undefined ? at : first.at;
    const last = waiter === undefined ? first : objectEnd(this.#rest, start);
    if (last.kind !== "end") return last.kind;
    const event = parseHookEvent(this.#rest.subarray(start, last.at), this.#offset + start);
    if (!event) return "broken";
    return { event: waiter === undefined ? event : { ...event, waiter }, end: last.at };
  }

  /** After damage: the next place where an event may begin. What could be the first bytes of one is kept. */
  #nextStart(from: number): number {
    const marked = this.#rest.indexOf(EVENT_START, from);
    const feed = this.#rest.indexOf(LINE_FEED, from);
    if (marked >= 0 && (feed < 0 || marked < feed)) return marked;
    if (feed >= 0) return feed + 1;
    return Math.max(from, this.#rest.length - EVENT_START.length + 1);
  }

  /** In the middle of anything: only after a line break or a closing brace can an opening one begin an event. */
  #nextBoundary(from: number): number {
    for (
      let at = this.#rest.indexOf(OPEN_OBJECT, Math.max(from, 1));
      at > 0;
      at = this.#rest.indexOf(OPEN_OBJECT, at + 1)
    ) {
      const before = this.#rest[at - 1];
      if (before === LINE_FEED || before === CLOSE_OBJECT) return at;
    }
    return this.#rest.length;
  }
}
