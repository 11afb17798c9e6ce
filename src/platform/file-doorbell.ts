import { closeSync, constants, type FSWatcher, openSync, statSync, utimesSync, watch } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { Doorbell } from "../core/ports/doorbell.ts";
import { onAbort } from "./on-abort.ts";

/** Behind a working watch, and instead of one where the system grants no more watches. */
const SLOW_POLL_MS = 1000;
const FAST_POLL_MS = 200;

/** A file in the home folder that every process touches to ring and watches to be woken. */
export class FileDoorbell implements Doorbell {
  readonly #file: string;
  readonly #listeners = new Set<() => void>();
  #stopWatching: (() => void) | undefined;

  constructor(home: string) {
    this.#file = join(home, "doorbell");
  }

  /** Never throws: a ring that fails is covered by the poll of those who wait. */
  ring(): void {
    const now = (performance.timeOrigin + performance.now()) / 1000;
    try {
      utimesSync(this.#file, now, now);
    } catch {
      this.#create();
    }
  }

  wait(maxMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(cancelled(signal));
      const bound = setTimeout(() => finish(), Math.min(Math.max(0, maxMs), 2 ** 31 - 1));
      const forget = onAbort(signal, () => finish(cancelled(signal)));
      const finish = (error?: AppError) => {
        clearTimeout(bound);
        forget();
        this.#stopListening(finish);
        if (error === undefined) resolve();
        else reject(error);
      };
      this.#listen(finish);
    });
  }

  /** All who wait in this process share one watch and one poll. */
  #listen(listener: () => void): void {
    this.#listeners.add(listener);
    if (this.#stopWatching) return;
    if (this.#stamp() === undefined) this.#create();
    let before = this.#stamp();
    const wake = () => {
      before = this.#stamp();
      for (const each of [...this.#listeners]) each();
    };
    const watcher = this.#watch(wake);
    const poll = setInterval(
      () => {
        if (this.#stamp() !== before) wake();
      },
      watcher === undefined ? FAST_POLL_MS : SLOW_POLL_MS,
    );
    this.#stopWatching = () => {
      clearInterval(poll);
      watcher?.close();
    };
  }

  #stopListening(listener: () => void): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  #watch(onRing: () => void): FSWatcher | undefined {
    try {
      const watcher = watch(this.#file, { persistent: true }, onRing);
      // The watch may also break later (file removed, limits): the poll goes on.
      watcher.on("error", () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  /** Asked by a timer: an error (home unreachable, or a file by now) would end a server that runs for days. */
  #stamp(): bigint | undefined {
    try {
      return statSync(this.#file, { bigint: true }).mtimeNs;
    } catch {
      return undefined;
    }
  }

  #create(): void {
    try {
      closeSync(openSync(this.#file, constants.O_CREAT | constants.O_WRONLY, 0o600));
    } catch {
      // A home that is not there (yet, or any more) has nobody to wake.
    }
  }
}

function cancelled(signal: AbortSignal | undefined): AppError {
  return new AppError("CANCELLED", "Cancelled", { cause: signal?.reason });
}
