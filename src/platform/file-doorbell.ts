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
      if (this.#stamp() === undefined) this.#create();
      const before = this.#stamp();
      const watcher = this.#watch(() => finish());
      const poll = setInterval(
        () => {
          if (this.#stamp() !== before) finish();
        },
        watcher === undefined ? FAST_POLL_MS : SLOW_POLL_MS,
      );
      const bound = setTimeout(() => finish(), Math.min(Math.max(0, maxMs), 2 ** 31 - 1));
      const forget = onAbort(signal, () => finish(cancelled(signal)));
      const finish = (error?: AppError) => {
        clearInterval(poll);
        clearTimeout(bound);
        watcher?.close();
        forget();
        if (error === undefined) resolve();
        else reject(error);
      };
    });
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

  #stamp(): bigint | undefined {
    return statSync(this.#file, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
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
