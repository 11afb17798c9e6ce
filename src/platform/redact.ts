const SECRET_KEY = /(token|secret|passw(or)?d|passphrase|api[-_]?key|authorization|cookie|credential|private[-_]?key)/i;
/** Keys of Anthropic and bearer tokens, wherever they stand in a text. */
const SECRET_TEXT = /\bsk-ant-[\w-]{8,}|\bBearer\s+[\w.~+/=-]{8,}/g;
const MAX_DEPTH = 8;
const MAX_TEXT = 16_384;

/** A copy that can be written as JSON: secrets taken out, errors with their causes, cycles and depth cut. */
export function redact(value: unknown): unknown {
  return copy(value, new Set());
}

function copy(value: unknown, above: Set<object>): unknown {
  if (typeof value === "string") return shorten(value.replace(SECRET_TEXT, "[secret]"));
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[cycle]";
  if (above.size >= MAX_DEPTH) return "[deep]";
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;

  const path = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item) => copy(item, path));
  if (value instanceof Map) return copy(Object.fromEntries(value), path);
  if (value instanceof Set) return copy([...value], path);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return copyFields({ ...value, ...errorFields(value) }, path);
  return copyFields(value, path);
}

function copyFields(value: object, path: Set<object>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, isSecret(key, field) ? "[secret]" : copy(field, path)]),
  );
}

/** Numbers under such a key are counts (`inputTokens`), not secrets. */
function isSecret(key: string, field: unknown): boolean {
  return SECRET_KEY.test(key) && field !== null && !["number", "boolean", "undefined"].includes(typeof field);
}

function errorFields(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… [${text.length} characters]`;
}
