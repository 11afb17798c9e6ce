import { AppError } from "../core/errors.ts";
import { withoutFinalLineBreak } from "../core/final-line-break.ts";

/**
 * The text on standard input, as UTF-8; without the line break that ends its last line.
 * @throws TEXT_NOT_UTF8, TEXT_EMPTY when standard input is a terminal nobody types into, CANCELLED
 */
export async function readStdin(signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  const chunks: Buffer[] = [];
  const onAbort = () => stdin.destroy(new AppError("CANCELLED", "Cancelled while reading standard input"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
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
