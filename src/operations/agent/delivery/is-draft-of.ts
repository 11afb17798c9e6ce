/** Where the box leaves out the middle of a long text: `[...Truncated text #1 +210 lines...]`. */
const LEFT_OUT = /\[\.\.\.Truncated text #\d+ \+\d+ lines\.\.\.\]/;
/** A box that shows only a part of a long text must show this much of it. */
const RECOGNISABLE = 40;

/**
 * Is what the input box shows this text? A screen breaks lines, pads them, and draws some signs differently, so letters
 * and digits decide. Of a long text it may show a part only; whatever a person has added makes it the person's.
 */
export function isDraftOf(draft: string, text: string): boolean {
  const wanted = essence(text);
  if (draft.trim() === "") return false;
  if (essence(draft) === wanted) return true;
  const parts = draft.split(LEFT_OUT).map(essence);
  if (parts.join("").length < RECOGNISABLE) return false;
  return parts.length === 1 ? wanted.includes(parts[0] ?? "") : isAround(parts, wanted);
}

function isAround(parts: readonly string[], wanted: string): boolean {
  return wanted.startsWith(parts[0] ?? "") && wanted.endsWith(parts.at(-1) ?? "");
}

function essence(text: string): string {
  const letters = text.normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");
  // A text of signs alone has nothing else to be known by.
  return letters === "" ? text.replace(/[\s\p{M}\p{Cf}\p{Cn}\p{Co}]/gu, "") : letters;
}
