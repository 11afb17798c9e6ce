import type { ConnectionEnd } from "./connection.ts";

/**
 * Why a subscription ended. `lost`, `overflow`: events were missed, list what is there and subscribe again. `stopped`: the
 * reader left its loop, or aborted.
 */
export type SubscriptionEnd = ConnectionEnd | "stopped" | "overflow";

/** Events that nobody fetches are kept up to this many. */
const MOST_WAITING = 10_000;

/**
 * Events in their order, from the moment of the request on, whether somebody reads yet or not. The iteration ends when the
 * connection does, after what came before; it never throws.
 */
export class Subscription<E extends { type: string }> implements AsyncIterableIterator<E> {
  readonly #waiting: E[] = [];
  readonly #readers: ((result: IteratorResult<E, undefined>) => void)[] = [];
  readonly #onStop: () => void;
  #end: SubscriptionEnd | undefined;

  /** @param onStop called once when the reader wants no more */
  constructor(onStop: () => void) {
    this.#onStop = onStop;
  }

  /** Undefined while events can come. */
  get end(): SubscriptionEnd | undefined {
    return this.#end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<E, undefined>> {
    const event = this.#waiting.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#end !== undefined) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** What leaving a `for await` loop calls. */
  return(): Promise<IteratorResult<E, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends it now; what nobody fetched is dropped. */
  stop(): void {
    this.#waiting.length = 0;
    if (this.finish("stopped")) this.#onStop();
  }

  push(event: E): void {
    if (this.#end !== undefined || this.#waiting.some((other) => isRepeated(other, event))) return;
    const reader = this.#readers.shift();
    if (reader) reader({ done: false, value: event });
    else this.#waiting.push(event);
    if (this.#waiting.length > MOST_WAITING && this.finish("overflow")) this.#onStop();
  }

  /** Lets the reader fetch what came, and then ends. False when it had ended before. */
  finish(end: SubscriptionEnd): boolean {
    if (this.#end !== undefined) return false;
    this.#end = end;
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
    return true;
  }
}

/** A redraw that is waiting to be read says all that the next one would. */
function isRepeated(
  waiting: { type: string; sessionId?: unknown },
  event: { type: string; sessionId?: unknown },
): boolean {
  return event.type === "screen-update" && waiting.type === event.type && waiting.sessionId === event.sessionId;
}
