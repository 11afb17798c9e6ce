import type { Iterm2Client, RequestOptions } from "./client.ts";
import { Iterm2Error } from "./errors.ts";

/** Bytes of UTF-8 in one request. */
const CHUNK_BYTES = 4096;

/**
 * Types text into a session, as it is: no bracketed paste, no Enter. OK means that iTerm2 queued it. Texts for the same
 * session never interleave; no other session of a broadcast group gets them.
 * @throws REQUEST_FAILED (SESSION_NOT_FOUND, also when the program has exited). `details.sentCodePoints` says how much
 * iTerm2 took before.
 */
export async function sendText(
  client: Iterm2Client,
  sessionId: string,
  text: string,
  options: RequestOptions = {},
): Promise<void> {
  await client.inputOf(
    sessionId,
    async () => {
      let sentCodePoints = 0;
      for (const chunk of chunks(text, CHUNK_BYTES)) {
        try {
          await client.call(
            "sendText",
            { session: sessionId, text: chunk, suppressBroadcast: true },
            { ...options, ids: [sessionId] },
          );
        } catch (error) {
          throw withProgress(error, sentCodePoints);
        }
        sentCodePoints += [...chunk].length;
      }
    },
    options.signal,
  );
}

/**
 * Whether the session is there and its program runs: text that is empty is not typed, but answered.
 * @throws what every request does
 */
export async function isTakingInput(
  client: Iterm2Client,
  sessionId: string,
  options: RequestOptions = {},
): Promise<boolean> {
  try {
    await client.call(
      "sendText",
      { session: sessionId, text: "", suppressBroadcast: true },
      { ...options, ids: [sessionId] },
    );
    return true;
  } catch (error) {
    if (error instanceof Iterm2Error && error.details.status === "SESSION_NOT_FOUND") return false;
    throw error;
  }
}

/** The text in pieces of at most so many bytes, never split inside a code point. */
export function* chunks(text: string, maxBytes: number): Generator<string> {
  let chunk = "";
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (chunk !== "" && bytes + size > maxBytes) {
      yield chunk;
      [chunk, bytes] = ["", 0];
    }
    chunk += character;
    bytes += size;
  }
  if (chunk !== "") yield chunk;
}

function withProgress(error: unknown, sentCodePoints: number): unknown {
  if (!(error instanceof Iterm2Error)) return error;
  const { code, message, hint, details, cause } = error;
  return new Iterm2Error(code, message, {
    ...(hint !== undefined && { hint }),
    details: { ...details, sentCodePoints },
    cause,
  });
}
