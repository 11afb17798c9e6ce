import { AppError } from "../core/errors.ts";

/**
 * An AbortSignal that the first SIGINT, SIGTERM or SIGHUP aborts; a second one ends the process at once.
 * A reader that closed our stdout (`| head`) aborts it too: nobody is left to write for.
 */
export function onInterruption(): { signal: AbortSignal; isStdoutClosed: () => boolean; dispose: () => void } {
  const controller = new AbortController();
  let isClosed = false;
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new AppError("CANCELLED", "Cancelled"));
  };
  const onStdoutError = (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    isClosed = true;
    controller.abort(new AppError("CANCELLED", "Standard output was closed"));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  process.stdout.on("error", onStdoutError);
  return {
    signal: controller.signal,
    isStdoutClosed: () => isClosed,
    dispose() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
