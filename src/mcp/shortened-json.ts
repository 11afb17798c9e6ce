/** Claude Code keeps results of this size in the conversation; from about 90 kB on it shows a preview only (facts §12). */
export const MAX_TEXT_CHARS = 40_000;

/** Longest string and list kept, from generous to strict; the first that fits is taken. */
const STEPS = [
  { chars: 8_000, items: 200 },
  { chars: 2_000, items: 100 },
  { chars: 500, items: 50 },
  { chars: 200, items: 20 },
  { chars: 80, items: 5 },
] as const;

/** JSON of `value` in at most `maxChars` characters: long strings keep their beginning, long lists their last items. */
export function shortenedJson(value: unknown, maxChars: number): string {
  for (const step of STEPS) {
    const json = JSON.stringify(shorten(value, step));
    if (json.length <= maxChars) return json;
  }
  return JSON.stringify("too large to be shortened");
}

function shorten(value: unknown, step: { chars: number; items: number }): unknown {
  if (typeof value === "string") {
    const rest = value.length - step.chars;
    return rest > 0 ? `${value.slice(0, step.chars)}… (${rest} more characters)` : value;
  }
  if (Array.isArray(value)) {
    const rest = value.length - step.items;
    const kept = value.slice(-step.items).map((item) => shorten(item, step));
    return rest > 0 ? [`(${rest} items before these)`, ...kept] : kept;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner, step)]));
}
