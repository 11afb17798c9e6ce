import { commandLine } from "../command-words.ts";
import type { Task } from "../task.ts";
import { priorityName } from "../task-priority.ts";
import type { TodoTask } from "./todo-base.ts";

/** What the file of a task tells. */
export interface TaskDetails extends TodoTask {
  because: Task["because"];
  text: string;
  role: string | null;
  /** Numbers of tasks. */
  needs: readonly number[];
  causedBy: number | null;
  check: readonly string[] | null;
  reports: Task["reports"];
  result: string | null;
  error: string | null;
}

const START = /^<!-- claude-orch: kept up to date, notes go below it \(([0-9a-f]{8})\) -->$/;
const END = "<!-- claude-orch: end -->";
const NEW_NOTES = ["", "## Notes", ""];
const MOVED = "## Moved from above";

/**
 * The file of a task: our part, and below it whatever people and agents write, byte for byte. What somebody wrote into
 * our part is moved below it; nothing of it is lost. Writing it again changes nothing.
 * @param current the file as it is; undefined where there is none
 */
export function renderTaskFile(task: TaskDetails, current: string | undefined): string {
  const part = describe(task);
  const { notes, stray } = current === undefined ? { notes: NEW_NOTES, stray: [] } : takeApart(current, part);
  const moved = stray.length === 0 ? [] : ["", MOVED, "", ...stray];
  const start = `<!-- claude-orch: kept up to date, notes go below it (${hash(part)}) -->`;
  return [start, ...part, END, ...moved, ...notes].join("\n");
}

/** What stands below our part, and the lines in it that are neither ours nor were. */
function takeApart(current: string, part: readonly string[]): { notes: string[]; stray: string[] } {
  const lines = current.split("\n");
  const bare = lines.map((line) => line.replace(/\r$/, ""));
  const start = bare.findIndex((line) => START.test(line));
  const end = bare.lastIndexOf(END);
  if (start < 0 || end < start) {
    // Without its marks nobody can say whose a line is, but for those that we write again.
    const ours = new Set([...part, END]);
    const rest = lines.filter((_, index) => !ours.has(bare[index] ?? "") && !START.test(bare[index] ?? ""));
    return { notes: rest.some((line) => line.trim() !== "") ? ["", ...rest] : NEW_NOTES, stray: [] };
  }
  const before = bare.slice(0, start);
  const inside = bare.slice(start + 1, end);
  const isUntouched = START.exec(bare[start] ?? "")?.[1] === hash(inside);
  const ours = new Set(part);
  const edited = isUntouched ? [] : inside.filter((line) => line.trim() !== "" && !ours.has(line));
  return { notes: lines.slice(end + 1), stray: [...before.filter((line) => line.trim() !== ""), ...edited] };
}

function describe(task: TaskDetails): string[] {
  const facts: [string, string][] = [
    ["State", `${task.state}: ${task.because}`],
    ["Owner", task.owner ?? "nobody yet"],
    ["Role", task.role ?? ""],
    ["Priority", priorityName(task.priority)],
    ["Needs", task.needs.map((number) => `TASK_${number}`).join(", ")],
    ["Caused by", task.causedBy === null ? "" : `TASK_${task.causedBy}`],
    ["Check", task.check === null ? "" : `\`${commandLine(task.check)}\``],
  ];
  const sections: [string, string][] = [
    ["What is to be done", task.text],
    ["Reports", task.reports.map(({ kind, text, at }) => `- ${isoTime(at)} ${kind}: ${indented(text)}`).join("\n")],
    ["Result", task.result ?? ""],
    ["Error", task.error ?? ""],
  ];
  return [
    `# TASK_${task.number}: ${oneLine(task.title)}`,
    "",
    ...facts.filter(([, value]) => value !== "").map(([name, value]) => `- ${name}: ${oneLine(value)}`),
    ...sections
      .filter(([, text]) => text.trim() !== "")
      .flatMap(([name, text]) => ["", `## ${name}`, "", ...text.trim().split(/\r\n|[\r\n]/)]),
  ].map((line) => line.replaceAll("<!-- claude-orch", "<! -- claude-orch"));
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
const indented = (text: string) => text.trim().replace(/\r\n|[\r\n]/g, "\n  ");
const isoTime = (ms: number) => new Date(ms).toISOString();

/** FNV-1a, 32 bits: only to see whether somebody wrote into our part. */
function hash(lines: readonly string[]): string {
  let value = 0x811c9dc5;
  for (const sign of lines.join("\n")) value = Math.imul(value ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, "0");
}
