import { AppError } from "../core/errors.ts";
import { withoutFinalLineBreak } from "../core/final-line-break.ts";

/** Far above what an agent can take: what never ends must not fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The text on standard input, as UTF-8; without the line break that ends its last line.
 * @throws TEXT_NOT_UTF8, TEXT_NOT_DELIVERABLE when it is endless, TEXT_EMPTY when standard input is a terminal nobody types into, CANCELLED
 */
export async function readStdin(signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onAbort = () => stdin.destroy(new AppError("CANCELLED", "Cancelled while reading standard input"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for await (const chunk of stdin) {
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > MAX_BYTES) {
        throw new AppError("TEXT_NOT_DELIVERABLE", "Standard input has more than 64 MB", {
          hint: "Write it into a file, and name that in the text.",
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  try {
    return withoutFinalLineBreak(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)),
    );
  } catch (cause) {
    throw new AppError("TEXT_NOT_UTF8", "Standard input is not valid UTF-8", { cause });
  }
}
