import { setMaxListeners } from "node:events";
import { AppError } from "../core/errors.ts";
import { isReaderGone, noteStdoutError } from "./lost-output.ts";

/**
 * An AbortSignal that the first SIGINT, SIGTERM or SIGHUP aborts; a second one ends the process at once.
 * A reader that closed our stdout (`| head`) aborts it too: nobody is left to write for.
 */
export function onInterruption(): { signal: AbortSignal; isStdoutClosed: () => boolean; dispose: () => void } {
  const controller = new AbortController();
  // Every wait of a command listens to it; eight agents at once are no leak.
  setMaxListeners(0, controller.signal);
  let isClosed = false;
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new AppError("CANCELLED", "Cancelled"));
  };
  const onStdoutError = (error: NodeJS.ErrnoException) => {
    noteStdoutError(error);
    isClosed = isReaderGone(error);
    controller.abort(new AppError("CANCELLED", isClosed ? "Standard output was closed" : "Standard output failed"));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  // oclif's own listener throws whatever is not EPIPE where nobody can catch it.
  process.stdout.removeAllListeners("error");
  process.stdout.on("error", onStdoutError);
  return {
    signal: controller.signal,
    isStdoutClosed: () => isClosed,
    dispose() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
