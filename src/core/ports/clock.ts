/** Time. The only implementation that reads the machine's clock is in `platform/`. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Monotonic milliseconds, for measuring durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with CANCELLED as soon as `signal` aborts. Never keeps the process alive by itself when `unref`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` every `ms` until the returned function is called. Does not keep the process alive. */
  every(ms: number, fn: () => void): () => void;
}
