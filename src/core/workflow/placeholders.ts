/**
 * Texts with placeholders: `{{inputs.NAME}}`, `{{item}}`, `{{steps.ID.result}}`, `{{steps.ID.state}}`, and `{{'{{'}}` for two
 * brackets that mean nothing.
 */

export type Reference =
  | { kind: "input"; name: string }
  | { kind: "item" }
  | { kind: "result"; step: string }
  | { kind: "state"; step: string };

export type Part =
  | { kind: "text"; text: string }
  | { kind: "reference"; reference: Reference; source: string }
  | { kind: "unknown"; source: string };

/** A parsed text; `source` is what it was parsed from. */
export interface PromptTemplate {
  source: string;
  parts: Part[];
}

const PLACEHOLDER = /\{\{[^{}]*\}\}|\{\{'\{\{'\}\}/g;

export function parsePlaceholders(source: string): PromptTemplate {
  const parts: Part[] = [];
  let position = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    if (match.index > position) parts.push({ kind: "text", text: source.slice(position, match.index) });
    parts.push(toPart(match[0]));
    position = match.index + match[0].length;
  }
  if (position < source.length) parts.push({ kind: "text", text: source.slice(position) });
  return { source, parts };
}

/** Text that comes out of `parsePlaceholders` as it is, whatever stands in it. */
export function escapePlaceholders(text: string): string {
  return text.replaceAll("{{", "{{'{{'}}");
}

function toPart(source: string): Part {
  const body = source.slice(2, -2).trim();
  if (body === "'{{'") return { kind: "text", text: "{{" };
  const reference = toReference(body);
  return reference ? { kind: "reference", reference, source } : { kind: "unknown", source };
}

/** What `inputs.x`, `item`, `steps.x.result` and `steps.x.state` stand for; also used in conditions. */
export function toReference(path: string): Reference | undefined {
  if (path === "item") return { kind: "item" };
  const [, input] = /^inputs\.([\w-]+)$/.exec(path) ?? [];
  if (input !== undefined) return { kind: "input", name: input };
  const [, step, what] = /^steps\.([\w-]+)\.(result|state)$/.exec(path) ?? [];
  if (step === undefined) return undefined;
  return what === "result" ? { kind: "result", step } : { kind: "state", step };
}
