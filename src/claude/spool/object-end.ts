/**
 * Where does the JSON object end that begins at `start`? A strict scan of the grammar, because strictness is what finds
 * damage early: where a half-written object is followed at once by another one, the first byte that cannot stand there
 * is the end of the damage.
 *
 * `end` is the offset after its closing brace, `more` when the bytes end inside of it, `broken` when it is not one.
 * Hook events are written on one line (facts §3.1), so a control character inside counts as broken too.
 */
export function objectEnd(bytes: Buffer, start: number): { kind: "end"; at: number } | { kind: "more" | "broken" } {
  /** Closing bytes of what is open, innermost last. */
  const open: number[] = [];
  let expects: Expects = "value";
  for (let at = start; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE) {
      at += 1;
      continue;
    }
    switch (expects) {
      case "value":
      case "value-or-close":
        if (byte === CLOSE_ARRAY && expects === "value-or-close") {
          open.pop();
          expects = "comma-or-close";
          at += 1;
        } else if (byte === OPEN_OBJECT) {
          open.push(CLOSE_OBJECT);
          expects = "key-or-close";
          at += 1;
        } else if (byte === OPEN_ARRAY) {
          open.push(CLOSE_ARRAY);
          expects = "value-or-close";
          at += 1;
        } else {
          const next = byte === QUOTE ? stringEnd(bytes, at) : scalarEnd(bytes, at);
          if (next === "more" || next === "broken") return { kind: next };
          expects = "comma-or-close";
          at = next;
        }
        break;
      case "key":
      case "key-or-close": {
        if (byte === CLOSE_OBJECT && expects === "key-or-close") {
          open.pop();
          expects = "comma-or-close";
          at += 1;
          break;
        }
        if (byte !== QUOTE) return { kind: "broken" };
        const next = stringEnd(bytes, at);
        if (next === "more" || next === "broken") return { kind: next };
        expects = "colon";
        at = next;
        break;
      }
      case "colon":
        if (byte !== COLON) return { kind: "broken" };
        expects = "value";
        at += 1;
        break;
      case "comma-or-close":
        if (byte === COMMA) expects = open.at(-1) === CLOSE_OBJECT ? "key" : "value";
        else if (byte === open.at(-1)) open.pop();
        else return { kind: "broken" };
        at += 1;
        break;
    }
    if (open.length === 0) return { kind: "end", at };
  }
  return { kind: "more" };
}

type Expects = "value" | "value-or-close" | "key" | "key-or-close" | "colon" | "comma-or-close";

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ESCAPES = new Set(Buffer.from('"\\/bfnrtu'));

function stringEnd(bytes: Buffer, start: number): number | "more" | "broken" {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE) return "broken";
    if (byte === BACKSLASH) {
      const escaped = bytes[at + 1];
      if (escaped === undefined) return "more";
      if (!ESCAPES.has(escaped)) return "broken";
      at += 1;
    }
  }
  return "more";
}

/** A number, true, false or null. */
function scalarEnd(bytes: Buffer, start: number): number | "more" | "broken" {
  let at = start;
  while (at < bytes.length && isScalarByte(bytes[at] ?? 0)) at += 1;
  if (at === start) return "broken";
  if (at === bytes.length) return "more";
  return /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(bytes.toString("latin1", start, at))
    ? at
    : "broken";
}

function isScalarByte(byte: number): boolean {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || byte === 0x45;
  return isDigit || isLetter || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}
