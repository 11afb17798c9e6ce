/** One thing the scripted model does while it answers; times in milliseconds. */
export type ReplyStep =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "stream"; count: number; everyMs: number }
  | { kind: "sleep"; ms: number }
  | { kind: "tool"; name: string; input: Record<string, unknown> }
  /** An API error; with `times`, only for the first so many attempts of the same request. */
  | { kind: "error"; status: number; retryAfter?: number; times?: number }
  | { kind: "drop" };

const ECHO_LIMIT = 2000;

/**
 * The script that a prompt asks for. A prompt without directives is echoed. Directives, in the order they are played:
 *
 *     [[reply TEXT]]                    says TEXT
 *     [[think TEXT]]                    thinks TEXT
 *     [[stream 20 x 100ms]]             says 20 pieces, one every 100 ms
 *     [[sleep 500ms]]                   is silent (ms, s, m, h)
 *     [[tool NAME {"json": "input"}]]   uses a tool; what follows is played once its result is in
 *     [[error 429 retry-after 30 x 2]]  fails with this status; `retry-after` (seconds) and `x` (how often) are optional
 *     [[drop]]                          cuts the connection
 *
 * Anything else in double brackets is ordinary text. A script that would end without a word echoes the text around its
 * directives, or says `done` when there is none.
 */
export function parseDirectives(prompt: string): ReplyStep[] {
  const steps: ReplyStep[] = [];
  let rest = "";
  let position = 0;
  for (;;) {
    const start = prompt.indexOf("[[", position);
    if (start < 0) break;
    const found = directiveAt(prompt, start);
    rest += prompt.slice(position, found ? start : start + 2);
    if (found) steps.push(found.step);
    position = found ? found.end : start + 2;
  }
  rest += prompt.slice(position);
  if (steps.length === 0) return [{ kind: "text", text: echo(prompt) }];
  if (!endsWithWords(steps)) steps.push({ kind: "text", text: rest.trim() === "" ? "done" : echo(rest.trim()) });
  return steps;
}

/** The steps of one API message: the script is cut after each tool use, and each tool result plays the next piece. */
export function scriptSegment(steps: readonly ReplyStep[], index: number): ReplyStep[] {
  const segments: ReplyStep[][] = [[]];
  for (const step of steps) {
    segments.at(-1)?.push(step);
    if (step.kind === "tool") segments.push([]);
  }
  const segment = segments[index] ?? [];
  return segment.length > 0 ? segment : [{ kind: "text", text: "done" }];
}

/** Long prompts are echoed by their beginning and length, so that an answer never floods a terminal. */
export function echo(text: string): string {
  if (text.length <= ECHO_LIMIT) return `echo: ${text}`;
  return `echo: ${text.slice(0, ECHO_LIMIT)}… (${text.length} characters)`;
}

function endsWithWords(steps: readonly ReplyStep[]): boolean {
  const last = steps.findLast((step) => step.kind !== "sleep" && step.kind !== "thinking");
  if (last === undefined || last.kind === "tool") return false;
  return last.kind !== "error" || last.times === undefined;
}

function directiveAt(prompt: string, start: number): { step: ReplyStep; end: number } | undefined {
  const tool = /^\[\[tool +([A-Za-z0-9_-]+) */.exec(prompt.slice(start, start + 200));
  if (tool) return toolDirective(prompt, start + tool[0].length, tool[1] ?? "");
  const end = prompt.indexOf("]]", start);
  if (end < 0) return undefined;
  const step = simpleDirective(prompt.slice(start + 2, end));
  return step && { step, end: end + 2 };
}

function simpleDirective(body: string): ReplyStep | undefined {
  const word = /^[a-z]+/.exec(body)?.[0] ?? "";
  const argument = body.slice(word.length).replace(/^ /, "");
  switch (word) {
    case "reply":
      return { kind: "text", text: argument };
    case "think":
      return { kind: "thinking", text: argument };
    case "sleep": {
      const ms = milliseconds(argument);
      return ms === undefined ? undefined : { kind: "sleep", ms };
    }
    case "stream": {
      const match = /^(\d{1,6}) x (\S+)$/.exec(argument);
      const everyMs = milliseconds(match?.[2] ?? "");
      return match && everyMs !== undefined ? { kind: "stream", count: Number(match[1]), everyMs } : undefined;
    }
    case "error":
      return errorDirective(argument);
    case "drop":
      return argument === "" ? { kind: "drop" } : undefined;
    default:
      return undefined;
  }
}

function errorDirective(argument: string): ReplyStep | undefined {
  const match = /^([45]\d\d)(?: retry-after (\d{1,6}))?(?: x (\d{1,4}))?$/.exec(argument);
  if (!match) return undefined;
  return {
    kind: "error",
    status: Number(match[1]),
    ...(match[2] === undefined ? {} : { retryAfter: Number(match[2]) }),
    ...(match[3] === undefined ? {} : { times: Number(match[3]) }),
  };
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : undefined;
}

/** A tool's input may itself hold `]]` (nested arrays, directives for a subagent): its end is found as JSON's end. */
function toolDirective(prompt: string, from: number, name: string): { step: ReplyStep; end: number } | undefined {
  const end = prompt[from] === "{" ? endOfObject(prompt, from) : from;
  if (end === undefined) return undefined;
  const closing = /^\s*\]\]/.exec(prompt.slice(end, end + 80));
  if (!closing) return undefined;
  const input = end === from ? {} : parseObject(prompt.slice(from, end));
  return input && { step: { kind: "tool", name, input }, end: end + closing[0].length };
}

function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i + 1;
  }
  return undefined;
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
