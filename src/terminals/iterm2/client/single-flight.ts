import { aborted } from "./errors.ts";
import { onAbort } from "./on-abort.ts";

interface Flight<T> {
  result: Promise<T>;
  controller: AbortController;
  waiting: number;
}

/** Work that several callers want at the same time and that is done once. It is aborted when the last of them gives up. */
export class SingleFlight<T> {
  #flight: Flight<T> | undefined;

  /** @throws what the work throws, ABORTED when `signal` aborts */
  run(work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(aborted(signal, { outcome: "none" }));
    this.#flight ??= this.#start(work);
    const flight = this.#flight;
    flight.waiting++;
    return new Promise((resolve, reject) => {
      const forget = onAbort(signal, () => {
        reject(aborted(signal, { outcome: "none" }));
        if (--flight.waiting === 0) this.#stop(flight);
      });
      flight.result.then(resolve, reject).finally(forget);
    });
  }

  /** Aborts what is under way. */
  stop(): void {
    if (this.#flight) this.#stop(this.#flight);
  }

  #start(work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight = { result: work(controller.signal), controller, waiting: 0 };
    const forget = () => {
      if (this.#flight === flight) this.#flight = undefined;
    };
    flight.result.then(forget, forget);
    return flight;
  }

  #stop(flight: Flight<T>): void {
    // The next caller starts afresh and does not inherit the abort.
    if (this.#flight === flight) this.#flight = undefined;
    flight.controller.abort();
  }
}
