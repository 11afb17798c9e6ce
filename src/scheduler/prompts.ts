import { commandLine } from "../core/command-words.ts";
import type { CheckResult, Task } from "../core/task.ts";
import { taskName } from "./names.ts";

/** What an agent is told when it gets a task: the task, and how its end is reported. */
export function taskPrompt(task: Task, text: string): string {
  const check =
    task.check === null
      ? ""
      : ` Afterwards this command must pass, which gets your report on standard input: \`${commandLine(task.check)}\`.`;
  return (
    `${text}\n\n(${taskName(task)}, ${task.id}. When it is done, say so with the MCP tool task_report, kind result: what you did, ` +
    `how you checked it, what is open.${check} If it cannot be done, kind failed with the reason; if somebody must decide something ` +
    "first, kind needs-input with the question.)"
  );
}

export function reminder(task: Task): string {
  return (
    `Your turn ended without a report on ${taskName(task)}. Report now with the MCP tool task_report: kind result with what you did ` +
    "and how you checked it, kind failed with the reason, or kind needs-input with your question."
  );
}

/** How much of a check's output an agent is shown; the rest it can see by running it. */
const SHOWN_OUTPUT = 6_000;

export function checkFailed(task: Task, check: CheckResult): string {
  const how = check.exitCode === null ? "was stopped or could not be started" : `exited with ${check.exitCode}`;
  const output = check.output.trim() === "" ? "It wrote nothing." : check.output.trim().slice(-SHOWN_OUTPUT);
  return (
    `The check of ${taskName(task)} did not pass: \`${commandLine(task.check ?? [])}\` ${how}. The end of its output:\n\n${output}\n\n` +
    "Find the cause, repair it, and report again with task_report. Do not change the check."
  );
}

/** The text of a task that mends another one's failure. */
export function fixPrompt(task: Task, failure: string): string {
  return (
    `${taskName(task)} (${task.title}) has failed: ${failure}\n\nIt was:\n\n${task.text}\n\n` +
    "Find the root cause of this failure, and prove it. Repair it. Then prevent it from coming back: a test, a check or a type that " +
    "would have caught it. Report the cause, the repair and the prevention, each in a paragraph."
  );
}
