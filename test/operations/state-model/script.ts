import * as fc from "fast-check";

/** What a prompt makes an agent do, one after the other. */
export type Step =
  | { kind: "say" | "tool" | "permission" | "plan" | "crash" }
  | { kind: "sleep" | "subagent" | "background"; ms: number }
  | { kind: "question"; questions: readonly { isMulti: boolean }[] }
  | { kind: "exit"; code: number }
  | { kind: "error"; status: number; retryAfter?: number }
  /** A plan's limit that is over so many seconds after the prompt was written. */
  | { kind: "limit"; seconds: number };

export interface Script {
  steps: readonly Step[];
  /** What a terminal may do to a text and its Enter. */
  accident?: "swallow-enter" | "lose";
}

export const OPTIONS = ["Red", "Blue", "Green"];

/** The prompt of this script; `token` tells it from all others. `now`: epoch ms. */
export function promptOf({ steps, accident }: Script, token: string, now: number): string {
  const directives = steps.map((step) => `[[${directive(step, now)}]]`);
  return [token, ...(accident ? [`[[${accident}]]`] : []), ...directives].join(" ");
}

function directive(step: Step, now: number): string {
  switch (step.kind) {
    case "say":
      return "reply words";
    case "tool":
      return 'tool Bash {"command":"ls"}';
    case "permission":
      return 'permission Bash {"command":"touch it"}';
    case "plan":
      return "plan Do it in two steps";
    case "crash":
      return "crash";
    case "sleep":
    case "subagent":
    case "background":
      return `${step.kind} ${step.ms}ms`;
    case "question":
      return `question ${JSON.stringify({ questions: step.questions.map(question) })}`;
    case "exit":
      return `exit ${step.code}`;
    case "error":
      return `error ${step.status}${step.retryAfter === undefined ? "" : ` retry-after ${step.retryAfter}`}`;
    case "limit":
      return `limit five_hour ${resetOf(step, now)}`;
  }
}

/** Epoch seconds. */
export function resetOf(step: Extract<Step, { kind: "limit" }>, now: number): number {
  return Math.floor(now / 1000) + step.seconds;
}

function question({ isMulti }: { isMulti: boolean }, index: number) {
  const options = OPTIONS.map((label) => ({ label, description: "" }));
  return { question: `Which of the ${index + 1}?`, header: `Q${index + 1}`, options, multiSelect: isMulti };
}

const spans = fc.constantFrom(40, 300, 2_000, 30_000);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("sleep" as const), ms: spans }) },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ kind: "say" }, { kind: "tool" }) },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ kind: "permission" }, { kind: "plan" }) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.record({ isMulti: fc.boolean() }), { minLength: 1, maxLength: 2 })
      .map((questions): Step => ({ kind: "question", questions })),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("subagent" as const, "background" as const), ms: spans }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Step>(
      { kind: "error", status: 400 },
      { kind: "error", status: 401 },
      { kind: "error", status: 429 },
      { kind: "error", status: 429, retryAfter: 30 },
      { kind: "error", status: 500 },
      { kind: "error", status: 529 },
      { kind: "limit", seconds: 90 },
      { kind: "limit", seconds: 7_200 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>({ kind: "crash" }, { kind: "exit", code: 0 }, { kind: "exit", code: 3 }),
  },
);

export const scripts: fc.Arbitrary<Script> = fc
  .tuple(
    fc.array(step, { maxLength: 4 }),
    fc.option(fc.constantFrom("swallow-enter" as const, "lose" as const), { nil: undefined, freq: 15 }),
  )
  .map(([steps, accident]) => ({ steps, ...(accident ? { accident } : {}) }));
