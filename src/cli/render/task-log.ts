import type { LogEntry } from "../../operations/task/read-log.ts";
import { type Output, printable } from "../output.ts";
import { formatEntry } from "./messages.ts";
import { formatVerdict } from "./tasks.ts";

interface Log {
  task: { number: number; state: string; because: string };
  entries: LogEntry[];
  more?: boolean;
}

export function renderTaskLog({ task, entries, more }: Log, output: Output): void {
  if (entries.length === 0) {
    output.data(printable(`Nothing happened yet: TASK_${task.number} is ${task.state}, ${task.because}`));
    return;
  }
  if (more) output.note("Older entries are left out.");
  const parts = entries.map((entry, index) => {
    const heading = entry.attempt === entries[index - 1]?.attempt ? [] : [tryHeading(entry, output)];
    return [...heading, formatLogEntry(entry, output)].join("\n");
  });
  output.data(parts.join("\n\n"));
}

export function tryHeading({ attempt, agent }: LogEntry, { paint }: Output): string {
  return paint.dim(printable(`— try ${attempt}${agent === null ? "" : ` by ${agent}`} —`));
}

export function formatLogEntry(entry: LogEntry, output: Output): string {
  const { paint } = output;
  const { kind, exitCode } = entry;
  if (kind === "report") return paint.magenta(printable(entry.text ?? ""));
  if (kind !== "check") return formatEntry({ ...entry, kind }, output);
  const said = printable(entry.text ?? "").trimEnd();
  return [
    formatVerdict(exitCode, output),
    ...(said === "" ? [] : said.split("\n").map((line) => paint.dim(`  ${line}`))),
  ].join("\n");
}
