import { setMaxListeners } from "node:events";

/** Calls `fn` when the signal aborts; returns what takes that back. */
export function onAbort(signal: AbortSignal | undefined, fn: () => void): () => void {
  if (signal === undefined) return () => {};
  // One signal stands behind all waits of a call; Node 20 writes a warning on stderr from the eleventh on.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", fn, { once: true });
  return () => signal.removeEventListener("abort", fn);
}
