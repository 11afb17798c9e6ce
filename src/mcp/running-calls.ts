import { setMaxListeners } from "node:events";

/** What a server is doing: calls that owe an answer, and background work that owes none. Lets it end both, and wait. */
export class RunningCalls {
  readonly #stopping = new AbortController();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #background = new Set<Promise<unknown>>();

  constructor() {
    // Every call that runs listens to it: more than ten at once are no leak, as Node would say on standard error.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Aborts when the server stops. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Runs a call; its signal aborts when the client cancels it or the server stops. */
  async call<T>(cancelled: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ending = new AbortController();
    const sources = [cancelled, this.#stopping.signal];
    const onAbort = () => ending.abort(sources.find(({ aborted }) => aborted)?.reason);
    for (const source of sources) source.addEventListener("abort", onAbort, { once: true });
    if (sources.some(({ aborted }) => aborted)) onAbort();
    try {
      return await track(this.#calls, work(ending.signal));
    } finally {
      for (const source of sources) source.removeEventListener("abort", onAbort);
    }
  }

  /** Runs work that goes on until the server stops. It must not reject. */
  background(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    return track(this.#background, work(this.#stopping.signal));
  }

  stop(reason: string): void {
    this.#stopping.abort(new Error(reason));
  }

  /** Resolves when no call is running. */
  async answered(): Promise<void> {
    while (this.#calls.size > 0) await Promise.allSettled(this.#calls);
  }

  /** Resolves when nothing is running. */
  async ended(): Promise<void> {
    while (this.#calls.size + this.#background.size > 0) {
      await Promise.allSettled([...this.#calls, ...this.#background]);
    }
  }
}

async function track<T>(set: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  set.add(work);
  try {
    return await work;
  } finally {
    set.delete(work);
  }
}
