/**
 * The language in which a prompt scripts its own answer: directives in double brackets. What is common to the scripted
 * model (behind a real Claude Code) and the fake backend (in place of one) stands here; each adds what only it can do.
 */

/** What both can do; times in milliseconds. */
export type SpokenStep =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "stream"; count: number; everyMs: number }
  | { kind: "sleep"; ms: number };

interface Found<T> {
  directive: T;
  /** Index behind its closing brackets. */
  end: number;
}

/** The directives of a prompt in order, and the text around them. Other text in double brackets is ordinary text. */
export function scanDirectives<T>(
  prompt: string,
  directiveAt: (prompt: string, start: number) => Found<T> | undefined,
): { directives: T[]; rest: string } {
  const directives: T[] = [];
  let rest = "";
  let position = 0;
  for (let start = prompt.indexOf("[["); start >= 0; start = prompt.indexOf("[[", position)) {
    const found = directiveAt(prompt, start);
    rest += prompt.slice(position, found ? start : start + 2);
    position = found ? found.end : start + 2;
    if (found) directives.push(found.directive);
  }
  return { directives, rest: (rest + prompt.slice(position)).trim() };
}

/** `[[reply TEXT]]`, `[[think TEXT]]`, `[[sleep 500ms]]`, `[[stream 20 x 100ms]]`, without their brackets. */
export function spokenStep(body: string): SpokenStep | undefined {
  const { word, argument } = wordAndArgument(body);
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
    default:
      return undefined;
  }
}

/**
 * `if TEXT | DIRECTIVE` is the directive where TEXT stands in what the prompt says beside such conditions, else one that
 * does nothing: so that agents that get the same words can be made to answer differently. Other bodies are left as they
 * are. All without brackets.
 */
export function whereItHolds(prompt: string, body: string): string {
  const [, text, directive] = /^if ([^|]+?) \| ([\s\S]+)$/.exec(body) ?? [];
  if (text === undefined || directive === undefined) return body;
  return prompt.replace(/\[\[if [^|]+\|[\s\S]*?\]\]/g, "").includes(text) ? directive : "sleep 0ms";
}

export function wordAndArgument(body: string): { word: string; argument: string } {
  const word = /^[a-z-]+/.exec(body)?.[0] ?? "";
  return { word, argument: body.slice(word.length).replace(/^ /, "") };
}

export interface ScriptedError {
  status: number;
  /** Seconds. */
  retryAfter?: number;
  /** Only the first so many attempts fail. */
  times?: number;
  /** What the API says; by default `Scripted error <status>`. */
  message?: string;
}

/** `429 retry-after 30 x 2 says TEXT`: an API error; all but the status is optional. */
export function errorArgument(argument: string): ScriptedError | undefined {
  const match = /^([45]\d\d)(?: retry-after (\d{1,6}))?(?: x (\d{1,4}))?(?: says (\S[\s\S]*))?$/.exec(argument);
  if (!match) return undefined;
  const [, status, retryAfter, times, message] = match;
  return {
    status: Number(status),
    ...(retryAfter === undefined ? {} : { retryAfter: Number(retryAfter) }),
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(message === undefined ? {} : { message }),
  };
}

/** The JSON object (or nothing) at `from` and the closing brackets behind it: it may itself hold `]]`. */
export function objectArgument(prompt: string, from: number): Found<Record<string, unknown>> | undefined {
  const end = prompt[from] === "{" ? endOfObject(prompt, from) : from;
  const closing = end === undefined ? null : /^\s*\]\]/.exec(prompt.slice(end, end + 80));
  if (end === undefined || !closing) return undefined;
  const directive = end === from ? {} : parseObject(prompt.slice(from, end));
  return directive && { directive, end: end + closing[0].length };
}

const ECHO_LIMIT = 2000;

/** Long prompts are echoed by their beginning and length, so that an answer never floods a terminal. */
export function echo(text: string): string {
  if (text.length <= ECHO_LIMIT) return `echo: ${text}`;
  return `echo: ${text.slice(0, ECHO_LIMIT)}… (${text.length} characters)`;
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `2s`, `3m`, `1h`; undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : undefined;
}

function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (isInString) {
      if (char === "\\") i++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
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
