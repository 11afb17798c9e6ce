let failure: NodeJS.ErrnoException | undefined;

/** Remembers why standard output could not be written: the stream itself forgets it. */
export function noteStdoutError(error: NodeJS.ErrnoException): void {
  failure ??= error;
}

/** What lost the output that the caller waits for; a reader that went away (`| head`) had enough and lost nothing. */
export function lostOutput(): NodeJS.ErrnoException | undefined {
  return failure === undefined || isReaderGone(failure) ? undefined : failure;
}

export function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "EIO";
}
