import { setMaxListeners } from "node:events";
import { aborted } from "./errors.ts";

/** Calls `fn` when the signal aborts; returns what takes that back. */
export function onAbort(signal: AbortSignal | undefined, fn: () => void): () => void {
  if (signal === undefined) return () => {};
  // One signal can stand behind many requests; Node 20 writes a warning on stderr from the eleventh listener on.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", fn, { once: true });
  return () => signal.removeEventListener("abort", fn);
}

/** @throws ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal, { outcome: "none" });
}
