import {
  echo,
  errorArgument,
  objectArgument,
  type ScriptedError,
  type SpokenStep,
  scanDirectives,
  spokenStep,
  whereItHolds,
  wordAndArgument,
} from "../../core/scripted-prompt.ts";

/** One thing the scripted model does while it answers; times in milliseconds. */
export type ReplyStep =
  | SpokenStep
  | { kind: "tool"; name: string; input: Record<string, unknown> }
  /** An API error; with `times`, only for the first so many attempts of the same request. */
  | ({ kind: "error" } & ScriptedError)
  /** A plan's limit as claude.ai reports it to a subscriber; `resetsAt` in epoch seconds. */
  | { kind: "limit"; claim: string; resetsAt: number }
  | { kind: "drop" };

/**
 * The script that a prompt asks for. A prompt without directives is echoed. Directives, in the order they are played:
 *
 *     [[reply TEXT]]                    says TEXT
 *     [[think TEXT]]                    thinks TEXT
 *     [[stream 20 x 100ms]]             says 20 pieces, one every 100 ms
 *     [[sleep 500ms]]                   is silent (ms, s, m, h)
 *     [[tool NAME {"json": "input"}]]   uses a tool; what follows is played once its result is in
 *     [[error 429 retry-after 30 x 2]]  fails with this status; `retry-after` (seconds) and `x` (how often) are optional
 *     [[error 429 says TEXT]]           fails with the API's own words
 *     [[limit five_hour 1795300000]]    a plan's limit is used up until then (epoch seconds)
 *     [[if TEXT | reply TEXT]]          only where TEXT stands elsewhere in the prompt
 *     [[drop]]                          cuts the connection
 *
 * Anything else in double brackets is ordinary text. A script that would end without a word echoes the text around its
 * directives, or says `done` when there is none.
 */
export function parseDirectives(prompt: string): ReplyStep[] {
  const { directives: steps, rest } = scanDirectives(prompt, directiveAt);
  if (steps.length === 0) return [{ kind: "text", text: echo(prompt) }];
  if (!endsWithWords(steps)) steps.push({ kind: "text", text: rest === "" ? "done" : echo(rest) });
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

function endsWithWords(steps: readonly ReplyStep[]): boolean {
  const last = steps.findLast((step) => step.kind !== "sleep" && step.kind !== "thinking");
  if (last === undefined || last.kind === "tool") return false;
  return last.kind !== "error" || last.times === undefined;
}

function directiveAt(prompt: string, start: number): { directive: ReplyStep; end: number } | undefined {
  const tool = /^\[\[tool +([A-Za-z0-9_-]+) */.exec(prompt.slice(start, start + 200));
  if (tool) {
    const found = objectArgument(prompt, start + tool[0].length);
    return found && { directive: { kind: "tool", name: tool[1] ?? "", input: found.directive }, end: found.end };
  }
  const end = prompt.indexOf("]]", start);
  if (end < 0) return undefined;
  const directive = simpleDirective(whereItHolds(prompt, prompt.slice(start + 2, end)));
  return directive && { directive, end: end + 2 };
}

function simpleDirective(body: string): ReplyStep | undefined {
  const { word, argument } = wordAndArgument(body);
  switch (word) {
    case "error": {
      const error = errorArgument(argument);
      return error && { kind: "error", ...error };
    }
    case "limit": {
      const limit = /^([a-z_]{1,40}) (\d{10})$/.exec(argument);
      return limit ? { kind: "limit", claim: limit[1] ?? "", resetsAt: Number(limit[2]) } : undefined;
    }
    case "drop":
      return argument === "" ? { kind: "drop" } : undefined;
    default:
      return spokenStep(body);
  }
}
