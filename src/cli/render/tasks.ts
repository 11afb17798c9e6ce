import { commandLine } from "../../core/command-words.ts";
import { formatAge } from "../../core/duration.ts";
import type { TaskState, TaskView } from "../../core/task.ts";
import { priorityName } from "../../core/task-priority.ts";
import type { RelatedTask } from "../../operations/task/show.ts";
import type { TaskItem } from "../../operations/task/views.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { type Column, formatTable } from "./table.ts";
import { firstLines, wrapLines } from "./wrap.ts";

export function paintTaskState(state: TaskState, text: string, { paint }: Output): string {
  switch (state) {
    case "waiting":
      return paint.yellow(text);
    case "running":
    case "checking":
      return paint.cyan(text);
    case "queued":
      return text;
    case "done":
      return paint.green(text);
    case "failed":
      return paint.red(text);
    case "blocked":
    case "cancelled":
      return paint.dim(text);
  }
}

/** How a check ended; without an exit code it was killed, or could not be started. */
export function formatVerdict(exitCode: number | null | undefined, { paint }: Output): string {
  if (exitCode === 0) return `check ${paint.green("passed")}`;
  return `check ${paint.red(exitCode == null ? "was ended" : `failed with exit ${exitCode}`)}`;
}

/** Names and numbers as every command takes them: `shop/7`. */
export function renderTasks({ tasks, total }: { tasks: TaskItem[]; total?: number }, output: Output): void {
  if (tasks.length === 0) {
    output.data("No tasks. Submit one with: claude-orch task submit");
    return;
  }
  const columns: Column<TaskItem>[] = [
    { title: "task", value: ({ session, number }) => `${session.name}/${number}` },
    { title: "state", value: ({ state }) => state, paint: (text, { state }) => paintTaskState(state, text, output) },
    { title: "role", value: ({ role }) => role ?? "-" },
    { title: "title", value: ({ title }) => title, isElastic: true },
    { title: "because", value: ({ because }) => because, isElastic: true },
  ];
  output.data(formatTable(tasks, columns, output));
  if (total !== undefined && total > tasks.length) output.note(`${total - tasks.length} more; --limit shows them`);
}

export function renderWaitedTasks({ tasks, timedOut }: { tasks: TaskItem[]; timedOut: boolean }, output: Output): void {
  renderTasks({ tasks }, output);
  const open = tasks
    .filter(({ endedAt }) => endedAt === null)
    .map(({ session, number }) => `${session.name}/${number}`);
  if (timedOut) output.note(printable(`The time is over; the tasks go on: claude-orch task wait ${open.join(" ")}`));
}

/** What was submitted, and, when it was waited for in vain, how to go on waiting. */
export function renderSubmittedTask({ task, timedOut }: { task: TaskView; timedOut?: boolean }, output: Output): void {
  renderTask({ task }, output);
  const name = `${task.session.name}/${task.number}`;
  if (timedOut) output.note(printable(`The time is over; the task goes on: claude-orch task wait ${name}`));
}

/** With a result: the result alone on stdout, as a script wants it, and the task on stderr. Else the task in two lines. */
export function renderTask({ task }: { task: TaskView }, output: Output): void {
  if (task.state !== "done" || task.result === null) {
    output.data(formatTask(task, output));
    return;
  }
  if (output.isTerminal) output.note(output.paint.dim(formatTask(task, output)));
  output.data(printable(task.result));
}

function formatTask(task: TaskView, output: Output): string {
  const { paint } = output;
  const name = printable(`${task.session.name}/TASK_${task.number}`);
  return [
    `${paint.bold(name)}  ${paintTaskState(task.state, task.state, output)}  ${paint.dim(task.id)}`,
    printable(`  ${task.title}`),
    printable(`  ${task.because}`),
  ].join("\n");
}

const INDENT = "  ";
const MAX_OUTPUT_LINES = 12;

export function renderTaskDetails(
  { task, related }: { task: TaskView; related: readonly RelatedTask[] },
  output: Output,
): void {
  const { paint } = output;
  const columns = (output.isTerminal ? output.columns : 10_000) - INDENT.length;
  const block = (text: string) => wrapLines(text, columns).map((line) => INDENT + line);
  const parts = [formatTask(task, output), printable(`  ${factsOf(task, related).join(" · ")}`)];
  const times = [`created ${localTime(task.createdAt)} by ${task.createdBy}`];
  if (task.startedAt !== null) times.push(`started ${localTime(task.startedAt)}`);
  if (task.endedAt !== null) times.push(`ended ${localTime(task.endedAt)}`);
  if (task.durationMs !== null) times.push(`took ${formatAge(task.durationMs)}`);
  parts.push(printable(`  ${times.join(" · ")}`), paint.dim("— text —"), ...block(task.text));
  for (const attempt of task.attempts) {
    const end = attempt.outcome ?? "under way";
    parts.push(paint.dim(`— try ${attempt.number}: ${end} —`), ...block(attempt.because));
    if (attempt.error)
      parts.push(...block(`${attempt.error.kind}: ${attempt.error.message}`).map((line) => paint.red(line)));
    for (const { exitCode, output: said } of attempt.checks) {
      const shown = said.trim() === "" ? [] : lastLines(block(said.trimEnd()));
      parts.push(INDENT + formatVerdict(exitCode, output), ...shown.map((line) => paint.dim(line)));
    }
  }
  if (task.reports.length > 0) {
    parts.push(paint.dim("— reports —"));
    for (const { kind, text } of task.reports) parts.push(...firstLines(block(`${kind}: ${text}`), MAX_OUTPUT_LINES));
  }
  if (task.result !== null) parts.push(paint.dim("— result —"), ...block(task.result));
  output.data(parts.join("\n"));
}

function factsOf(task: TaskView, related: readonly RelatedTask[]): string[] {
  const named = (id: string) => {
    const one = related.find((other) => other.id === id);
    return one ? `TASK_${one.number} (${one.state})` : id;
  };
  return [
    task.role ?? "any role",
    `priority ${priorityName(task.priority)}`,
    ...(task.agent === null ? [] : [`agent ${task.agent.name}`]),
    ...(task.needs.length === 0 ? [] : [`needs ${task.needs.map(named).join(", ")}`]),
    ...(task.check === null ? [] : [`check ${commandLine(task.check)}`]),
    ...(task.retries === 0 ? [] : [`${task.retries} ${task.retries === 1 ? "retry" : "retries"}`]),
    ...(task.worktree ? ["in a worktree"] : []),
    ...(task.conversation === null ? [] : [`conversation ${task.conversation}`]),
    ...(task.causedBy === null ? [] : [`caused by ${named(task.causedBy)}`]),
  ];
}

/** What failed stands at the end. */
function lastLines(lines: readonly string[]): string[] {
  if (lines.length <= MAX_OUTPUT_LINES) return [...lines];
  return [`${INDENT}… (task logs has it all)`, ...lines.slice(-MAX_OUTPUT_LINES)];
}

/** One line: `shop/TASK_7  done  Write tests: its agent reported, and its check passed`. */
export function formatTaskEvent({ session, number, state, title, because }: TaskItem, output: Output): string {
  const name = output.paint.bold(printable(`${session.name}/TASK_${number}`));
  const line = printable(`${title}: ${because}`).replace(/\s+/g, " ");
  return `${name}  ${paintTaskState(state, state, output)}  ${line}`;
}
