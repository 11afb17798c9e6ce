import { commandLine } from "../core/command-words.ts";
import type { Message } from "../core/message.ts";
import type { CheckResult, PromptKind, Task } from "../core/task.ts";
import { cut } from "../core/text-width.ts";

export interface TaskEvent {
  /** Epoch ms. */
  at: number;
  /** One or more lines. */
  text: string;
}

type Prompt = Pick<Message, "text" | "recordedAt">;

/** What has happened with a task so far, oldest first; `messages` are the prompts of its newest try, in order. */
export function taskEvents(task: Task, agent: string, messages: readonly Prompt[]): TaskEvent[] {
  const attempt = task.attempts.at(-1);
  const kinds = attempt?.prompts.map(({ kind }) => kind) ?? [];
  const events: TaskEvent[] = [
    ...messages.flatMap((message, index) => {
      const kind = kinds[index];
      return message.recordedAt === null || !kind
        ? []
        : [{ at: message.recordedAt, text: reached(kind, agent, message) }];
    }),
    ...task.reports.map(({ text, at }) => ({ at, text: `${agent} reports: ${text.replaceAll("\n", " ")}` })),
    ...(attempt?.checks.map((check) => ({ at: check.endedAt, text: checked(task, check) })) ?? []),
  ];
  if (task.endedAt !== null) events.push({ at: task.endedAt, text: `${task.state}: ${task.because}` });
  return events.sort((a, b) => a.at - b.at).map(({ at, text }) => ({ at, text: lines(`TASK_${task.number} ${text}`) }));
}

const COLUMNS = 80;

/** What a report says in full stands in the result. */
function lines(text: string): string {
  const [first = "", ...more] = text.split("\n");
  return [cut(first, COLUMNS), ...more.map((line) => cut(`       ${line}`, COLUMNS))].join("\n");
}

function reached(kind: PromptKind, agent: string, { text }: Prompt): string {
  if (kind === "check") return `${agent} is told what the check says, and has to repair it`;
  if (kind === "reminder") return `${agent} is asked for its report`;
  const results = [...text.matchAll(/^What (TASK_\d+) \(/gm)].map(([, name]) => name);
  const holding = results.length === 0 ? "" : ` with the results of ${results.join(", ")}`;
  return `reached ${agent}${holding} (proved by transcript)`;
}

function checked({ check }: Task, { exitCode, output }: CheckResult): string {
  const command = commandLine(check ?? []);
  if (exitCode === 0) return `check passed: ${command}`;
  return [`check FAILED (exit ${exitCode}): ${command}`, ...failures(output)].join("\n");
}

const MAX_SHOWN = 3;

/** The tests that failed, in both formats of node's test runner; of any other program the last line. */
function failures(output: string): string[] {
  const names = [...output.matchAll(/^\s*(?:not ok \d+ -|✖) (.+?)(?: \([\d.]+ms\))?$/gm)].map(([, name]) => name ?? "");
  const tests = [...new Set(names)].filter((name) => !name.endsWith(".js") && name !== "failing tests:");
  const said = tests.length > 0 ? tests : output.trim().split("\n").slice(-1);
  return said.slice(0, MAX_SHOWN).map((one) => `✖ ${one}`);
}
