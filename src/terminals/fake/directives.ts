/** One thing the scripted agent does in a turn; times in milliseconds. */
export type FakeStep =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "stream"; count: number; everyMs: number }
  | { kind: "sleep"; ms: number }
  /** With `asks`, the agent waits in a permission dialog first. */
  | { kind: "tool"; name: string; input: Record<string, unknown>; asks: boolean }
  | { kind: "question"; input: Record<string, unknown> }
  | { kind: "error"; status: number; retryAfter?: number }
  | { kind: "drop" }
  | { kind: "crash" }
  | { kind: "exit"; code: number };

export interface FakeScript {
  steps: FakeStep[];
  /** The first Enter is ignored, as Claude Code does shortly after its start. */
  swallowsEnter: boolean;
  /** The text disappears without a turn. */
  isLost: boolean;
}

/**
 * The script that a prompt asks for: the language of the scripted model (whose twin this is), and what only a terminal
 * can do. A prompt without directives is echoed.
 *
 *     [[reply TEXT]]  [[think TEXT]]  [[sleep 500ms]]  [[stream 20 x 100ms]]  [[drop]]
 *     [[error 429 retry-after 30]]            the turn fails; with `x 2` the retries succeed and nothing is seen of it
 *     [[tool NAME {"json": "input"}]]         uses a tool without asking
 *     [[permission NAME {"json": "input"}]]   asks first: `1` or Enter allows, Escape denies
 *     [[question WHICH? | ONE | TWO]]         asks the person; also with AskUserQuestion's own JSON
 *     [[crash]]  [[exit N]]                   the process is killed, or ends with this code
 *     [[swallow-enter]]  [[lose]]             the first Enter is ignored; the text is lost at Enter
 */
export function parseScript(prompt: string): FakeScript {
  const script: FakeScript = { steps: [], swallowsEnter: false, isLost: false };
  let isScripted = false;
  let rest = "";
  let position = 0;
  for (let start = prompt.indexOf("[["); start >= 0; start = prompt.indexOf("[[", position)) {
    const found = directiveAt(prompt, start);
    rest += prompt.slice(position, found ? start : start + 2);
    position = found ? found.end : start + 2;
    if (!found) continue;
    isScripted = true;
    if (found.directive === "swallow-enter") script.swallowsEnter = true;
    else if (found.directive === "lose") script.isLost = true;
    else if (found.directive !== "nothing") script.steps.push(found.directive);
  }
  rest = (rest + prompt.slice(position)).trim();
  if (!isScripted) script.steps.push({ kind: "text", text: echo(prompt) });
  else if (!endsByItself(script.steps)) script.steps.push({ kind: "text", text: rest === "" ? "done" : echo(rest) });
  return script;
}

const ECHO_LIMIT = 2000;

function echo(text: string): string {
  if (text.length <= ECHO_LIMIT) return `echo: ${text}`;
  return `echo: ${text.slice(0, ECHO_LIMIT)}… (${text.length} characters)`;
}

function endsByItself(steps: readonly FakeStep[]): boolean {
  const last = steps.findLast((step) => step.kind !== "sleep" && step.kind !== "thinking");
  return last !== undefined && last.kind !== "tool" && last.kind !== "question";
}

type Directive = FakeStep | "swallow-enter" | "lose" | "nothing";

function directiveAt(prompt: string, start: number): { directive: Directive; end: number } | undefined {
  const head = /^\[\[(?:(tool|permission) +([A-Za-z0-9_-]+)|question) *(?=\{|\]\])/.exec(
    prompt.slice(start, start + 200),
  );
  if (head) return withInput(prompt, start + head[0].length, head[1], head[2]);
  const end = prompt.indexOf("]]", start);
  if (end < 0) return undefined;
  const directive = simpleDirective(prompt.slice(start + 2, end));
  return directive && { directive, end: end + 2 };
}

function simpleDirective(body: string): Directive | undefined {
  const word = /^[a-z-]+/.exec(body)?.[0] ?? "";
  const argument = body.slice(word.length).replace(/^ /, "");
  switch (word) {
    case "reply":
      return { kind: "text", text: argument };
    case "think":
      return { kind: "thinking", text: argument };
    case "question":
      return { kind: "question", input: questionInput(argument) };
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
    case "exit":
      return /^\d{1,3}$/.test(argument) && Number(argument) < 256
        ? { kind: "exit", code: Number(argument) }
        : undefined;
    case "drop":
    case "crash":
      return argument === "" ? { kind: word } : undefined;
    case "swallow-enter":
    case "lose":
      return argument === "" ? word : undefined;
    default:
      return undefined;
  }
}

function errorDirective(argument: string): Directive | undefined {
  const match = /^([45]\d\d)(?: retry-after (\d{1,6}))?( x \d{1,4})?$/.exec(argument);
  if (!match) return undefined;
  if (match[3] !== undefined) return "nothing";
  return {
    kind: "error",
    status: Number(match[1]),
    ...(match[2] === undefined ? {} : { retryAfter: Number(match[2]) }),
  };
}

function questionInput(argument: string): Record<string, unknown> {
  const [question = "", ...labels] = argument.split("|").map((part) => part.trim());
  const options = (labels.length > 0 ? labels : ["Yes", "No"]).map((label) => ({ label, description: "" }));
  return { questions: [{ question: question || "Which one?", header: "Question", options, multiSelect: false }] };
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : undefined;
}

/** The input may itself hold `]]`, so the directive's end is the end of its JSON. */
function withInput(prompt: string, from: number, kind: string | undefined, name = "") {
  const end = prompt[from] === "{" ? endOfObject(prompt, from) : from;
  const closing = end === undefined ? null : /^\s*\]\]/.exec(prompt.slice(end, end + 80));
  if (end === undefined || !closing) return undefined;
  const input = end === from ? {} : parseObject(prompt.slice(from, end));
  if (!input) return undefined;
  const directive: FakeStep =
    kind === undefined
      ? { kind: "question", input: Array.isArray(input.questions) ? input : questionInput("") }
      : { kind: "tool", name, input, asks: kind === "permission" };
  return { directive, end: end + closing[0].length };
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
