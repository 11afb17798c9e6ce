import {
  echo,
  errorArgument,
  milliseconds,
  objectArgument,
  type ScriptedError,
  type SpokenStep,
  scanDirectives,
  spokenStep,
  whereItHolds,
  wordAndArgument,
} from "../../core/scripted-prompt.ts";

/** One thing the scripted agent does in a turn; times in milliseconds. */
export type FakeStep =
  | SpokenStep
  /** With `asks`, the agent waits in a permission dialog first. */
  | { kind: "tool"; name: string; input: Record<string, unknown>; asks: boolean }
  | { kind: "question"; input: Record<string, unknown> }
  | { kind: "plan"; plan: string }
  /** Shell work in the background: the turn goes on, and the agent wakes when it has ended. */
  | { kind: "background"; ms: number }
  | { kind: "subagent"; ms: number }
  /** The end of the tool that runs; no directive writes it. */
  | { kind: "toolEnd" }
  | ({ kind: "error" } & Omit<ScriptedError, "times">)
  /** A plan's limit as Claude Code tells it to a subscriber; `resetsAt` in epoch seconds. */
  | { kind: "limit"; claim: string; resetsAt: number }
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
 *     [[if TEXT | reply TEXT]]                only where TEXT stands elsewhere in the prompt
 *     [[error 429 retry-after 30]]            the turn fails; with `x 2` the retries succeed and nothing is seen of it
 *     [[error 429 says TEXT]]                 the turn fails with the API's own words
 *     [[limit five_hour 1795300000]]          a plan's limit is used up until then (epoch seconds)
 *     [[tool NAME {"json": "input"}]]         uses a tool without asking
 *     [[permission NAME {"json": "input"}]]   asks first: `1` or Enter allows, Escape denies
 *     [[question WHICH? | ONE | TWO]]         asks the person; also with AskUserQuestion's own JSON
 *     [[plan TEXT]]                           asks to approve a plan
 *     [[background 5s]]                       leaves a shell command running, which wakes the agent when it ends
 *     [[subagent 2s]]                         a subagent works for so long
 *     [[crash]]  [[exit N]]                   the process is killed, or ends with this code
 *     [[swallow-enter]]  [[lose]]             the first Enter is ignored; the text is lost at Enter
 */
export function parseScript(prompt: string): FakeScript {
  const script: FakeScript = { steps: [], swallowsEnter: false, isLost: false };
  const { directives, rest } = scanDirectives(prompt, directiveAt);
  for (const directive of directives) {
    if (directive === "swallow-enter") script.swallowsEnter = true;
    else if (directive === "lose") script.isLost = true;
    else if (directive !== "nothing") script.steps.push(directive);
  }
  if (directives.length === 0) script.steps.push({ kind: "text", text: echo(prompt) });
  else if (!endsByItself(script.steps)) script.steps.push({ kind: "text", text: rest === "" ? "done" : echo(rest) });
  return script;
}

function endsByItself(steps: readonly FakeStep[]): boolean {
  const last = steps.findLast((step) => step.kind !== "sleep" && step.kind !== "thinking");
  return last !== undefined && !USES_OF_TOOLS.has(last.kind);
}

const USES_OF_TOOLS: ReadonlySet<FakeStep["kind"]> = new Set(["tool", "question", "plan", "background", "subagent"]);

type Directive = FakeStep | "swallow-enter" | "lose" | "nothing";

function directiveAt(prompt: string, start: number): { directive: Directive; end: number } | undefined {
  const head = /^\[\[(?:(tool|permission) +([A-Za-z0-9_-]+)|question) *(?=\{|\]\])/.exec(
    prompt.slice(start, start + 200),
  );
  if (head) return withInput(prompt, start + head[0].length, head[1], head[2]);
  const end = prompt.indexOf("]]", start);
  if (end < 0) return undefined;
  const directive = simpleDirective(whereItHolds(prompt, prompt.slice(start + 2, end)));
  return directive && { directive, end: end + 2 };
}

function simpleDirective(body: string): Directive | undefined {
  const { word, argument } = wordAndArgument(body);
  switch (word) {
    case "question":
      return { kind: "question", input: questionInput(argument) };
    case "plan":
      return { kind: "plan", plan: argument };
    case "background":
    case "subagent": {
      const ms = milliseconds(argument);
      return ms === undefined ? undefined : { kind: word, ms };
    }
    case "limit": {
      const [, claim, resetsAt] = /^([a-z_]+) (\d{10})$/.exec(argument) ?? [];
      return claim === undefined ? undefined : { kind: "limit", claim, resetsAt: Number(resetsAt) };
    }
    case "error": {
      const error = errorArgument(argument);
      // Claude Code tries again by itself; of errors that pass nothing is seen.
      return error?.times === undefined ? error && { kind: "error", ...error } : "nothing";
    }
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
      return spokenStep(body);
  }
}

function questionInput(argument: string): Record<string, unknown> {
  const [question = "", ...labels] = argument.split("|").map((part) => part.trim());
  const options = (labels.length > 0 ? labels : ["Yes", "No"]).map((label) => ({ label, description: "" }));
  return { questions: [{ question: question || "Which one?", header: "Question", options, multiSelect: false }] };
}

function withInput(prompt: string, from: number, kind: string | undefined, name = "") {
  const found = objectArgument(prompt, from);
  if (!found) return undefined;
  const { directive: input, end } = found;
  const directive: FakeStep =
    kind === undefined
      ? { kind: "question", input: Array.isArray(input.questions) ? input : questionInput("") }
      : { kind: "tool", name, input, asks: kind === "permission" };
  return { directive, end };
}
