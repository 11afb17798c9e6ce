/** Tells other processes of this home that the store changed. A missed ring is covered by a slow poll. */
export interface Doorbell {
  ring(): void;
  /**
   * Resolves at the next ring, or after `maxMs` at the latest; rejects with CANCELLED when `signal` aborts.
   * A ring between two calls may be missed; callers re-read the store after every return.
   */
  wait(maxMs: number, signal?: AbortSignal): Promise<void>;
}
