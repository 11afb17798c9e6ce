import { closeSync, constants, openSync } from "node:fs";

/**
 * Opens a FIFO for writing without waiting; undefined when nobody reads it, or there is none. The program holds it open
 * for as long as it lives: that somebody reads proves that it runs, whatever became of its pid.
 */
export function openForWriting(fifo: string): number | undefined {
  try {
    return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENXIO" || code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

export function hasReader(fifo: string): boolean {
  const descriptor = openForWriting(fifo);
  if (descriptor === undefined) return false;
  closeSync(descriptor);
  return true;
}
