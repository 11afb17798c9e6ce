import type { TerminalRef } from "../../core/agent.ts";
import { backOffMs } from "./client/back-off.ts";
import type { Iterm2Client } from "./client/client.ts";
import { isIterm2Error } from "./client/errors.ts";
import { subscribe } from "./client/subscribe.ts";
import type { Iterm2Event } from "./client/topics.ts";
import { findTerminal } from "./find.ts";
import type { Iterm2Link } from "./link.ts";
import type { Iterm2Options } from "./options.ts";

/** A screen has come to rest, as it does when a dialog stands on it; a spinner never lets it. */
const REST_MS = 250;
/** While iTerm2 is not there, one look costs an osascript call. */
const LONGEST_PAUSE_MS = 30_000;

/** A terminal on the present connection. */
interface Watched {
  /** Its session; undefined while it has not been found. */
  id?: string | undefined;
  isListed: boolean;
  isSearched: boolean;
  /** The stale id whose holder has been told of the new one. */
  told?: string;
  screen?: { stop(): void };
}

interface Waiter {
  refs: readonly TerminalRef[];
  wake(): void;
}

/**
 * Hears from iTerm2 what no file tells at once: that a session ended, was closed or brought back, that a screen came to
 * rest, and, after a lost connection, which session each terminal is now. One subscription for all who wait, made with
 * the first of them. It never starts iTerm2, never keeps the process alive, and never fails: where iTerm2 does not let us
 * in it tells nothing, and those who wait look by themselves.
 */
export class TerminalWatch {
  readonly #link: Iterm2Link;
  readonly #options: Iterm2Options;
  readonly #waiters = new Set<Waiter>();
  readonly #watched = new Map<string, Watched>();
  #client: Iterm2Client | undefined;
  #isRunning = false;
  #isStopped = false;

  constructor(link: Iterm2Link, options: Iterm2Options) {
    this.#link = link;
    this.#options = options;
  }

  /** See `TerminalBackend.watch`. */
  async wait(refs: readonly TerminalRef[], maxMs: number, signal?: AbortSignal): Promise<TerminalRef[]> {
    if (!this.#isRunning) void this.#run();
    for (const ref of refs) void this.#take(ref.tag);
    const moved = this.#moved(refs);
    if (moved.length > 0) return moved;
    const woken = new AbortController();
    const waiter: Waiter = { refs, wake: () => woken.abort() };
    this.#waiters.add(waiter);
    try {
      await this.#options.clock.sleep(maxMs, signal ? AbortSignal.any([signal, woken.signal]) : woken.signal);
    } catch (error) {
      if (signal?.aborted || !woken.signal.aborted) throw error;
    } finally {
      this.#waiters.delete(waiter);
    }
    return this.#moved(refs);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let attempt = 1; !this.#isStopped; attempt++) {
      try {
        await this.#link.raw((client) => this.#follow(client));
        attempt = 0;
      } catch (error) {
        if (isFinal(error)) {
          this.#options.logger.warn("iterm2.watch.gave-up", { error: String(error) });
          return;
        }
      }
      // Ids of an iTerm2 that is gone may mean other sessions in the next one.
      this.#client = undefined;
      this.#watched.clear();
      if (!this.#isStopped) await this.#pause(attempt);
    }
  }

  /** As long as the connection lasts. */
  async #follow(client: Iterm2Client): Promise<void> {
    const topics = [{ type: "new-session" }, { type: "terminate-session" }, { type: "layout-change" }] as const;
    const events = await subscribe(client, topics);
    this.#client = client;
    // What happened before this moment nobody has told: everybody looks, at where their terminals are now.
    const tags = new Set([...this.#waiters].flatMap(({ refs }) => refs.map(({ tag }) => tag)));
    await Promise.all([...tags].map((tag) => this.#take(tag)));
    for (const { wake } of [...this.#waiters]) wake();
    for await (const event of events) this.#hear(event);
  }

  #hear(event: Iterm2Event): void {
    if (event.type === "layout-change") {
      const listed = new Set(event.listing.sessions.map(({ sessionId }) => sessionId));
      for (const [tag, watched] of this.#watched) {
        // iTerm2 can be reached before it has restored its windows: one of these may be it.
        if (watched.id === undefined) void this.#search(tag, watched);
        else if (watched.isListed !== listed.has(watched.id)) this.#wake(tag);
        watched.isListed = watched.id !== undefined && listed.has(watched.id);
      }
    } else if (event.type === "new-session" || event.type === "terminate-session") {
      for (const [tag, { id, screen }] of this.#watched) {
        if (id !== event.sessionId) continue;
        if (event.type === "terminate-session") screen?.stop();
        this.#wake(tag);
      }
    }
  }

  /** Finds out where a terminal is that nobody has asked for on this connection. */
  async #take(tag: string): Promise<void> {
    if (this.#client === undefined || this.#watched.has(tag)) return;
    const watched: Watched = { isListed: true, isSearched: false };
    this.#watched.set(tag, watched);
    await this.#search(tag, watched);
  }

  async #search(tag: string, watched: Watched): Promise<void> {
    if (watched.isSearched) return;
    watched.isSearched = true;
    try {
      const found = await findTerminal(this.#link, this.#options, tag);
      // The connection may be another one by now, with a search of its own.
      if (!found || this.#watched.get(tag) !== watched) return;
      watched.id = found.id;
      this.#wake(tag);
      await this.#followScreen(tag, watched, found.id);
    } catch (error) {
      this.#options.logger.debug("iterm2.watch.not-found", { tag, error: String(error) });
      // Whoever waits for it next has it looked for again.
      if (this.#watched.get(tag) === watched) this.#watched.delete(tag);
    } finally {
      watched.isSearched = false;
    }
  }

  async #followScreen(tag: string, watched: Watched, sessionId: string): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const updates = await subscribe(client, [{ type: "screen-update", sessionId }]);
    watched.screen = updates;
    void this.#tellRests(tag, updates);
  }

  async #tellRests(tag: string, updates: AsyncIterable<unknown>): Promise<void> {
    let forget: (() => void) | undefined;
    for await (const _ of updates) {
      forget?.();
      const stop = this.#options.clock.every(REST_MS, () => {
        stop();
        this.#wake(tag);
      });
      forget = stop;
    }
    forget?.();
  }

  #wake(tag: string): void {
    for (const { refs, wake } of [...this.#waiters]) if (refs.some((ref) => ref.tag === tag)) wake();
  }

  /** Those whose id is not the one that was asked with; each is told once, in case nobody writes it down. */
  #moved(refs: readonly TerminalRef[]): TerminalRef[] {
    return refs.flatMap((ref) => {
      const watched = this.#watched.get(ref.tag);
      if (watched?.id === undefined || watched.id === ref.id || watched.told === ref.id) return [];
      watched.told = ref.id;
      return [{ ...ref, id: watched.id }];
    });
  }

  /** A sleep that does not keep the process alive. */
  #pause(attempt: number): Promise<void> {
    const { clock, ids } = this.#options;
    const ms = backOffMs(attempt, ids.random(4).readUInt32BE() / 2 ** 32, LONGEST_PAUSE_MS);
    return new Promise((resolve) => {
      const stop = clock.every(ms, () => {
        stop();
        resolve();
      });
    });
  }
}

/** To try again would only ask the person again and again. Everything else may pass: iTerm2 restarts, or is busy. */
function isFinal(error: unknown): boolean {
  return isIterm2Error(
    error,
    "API_DISABLED",
    "AUTOMATION_DENIED",
    "SCRIPT_FAILED",
    "UNAUTHORIZED",
    "HANDSHAKE_REJECTED",
    "CLOSED",
  );
}
