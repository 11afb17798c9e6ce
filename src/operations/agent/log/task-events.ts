import type { AgentEvent, AgentEventKind } from "../../../core/agent-event.ts";
import type { Task, TaskAttempt } from "../../../core/task.ts";
import { taskName } from "../../../scheduler/names.ts";
import { type TryEvent, tryEvents } from "../../task/try-events.ts";

/** What an agent had to do with a task: when it got it, what it reported, what the check said, how its try ended. */
export function taskEvents(task: Task, agentId: string): AgentEvent[] {
  return task.attempts.filter((attempt) => attempt.agentId === agentId).flatMap((attempt) => ofTry(task, attempt));
}

function ofTry(task: Task, attempt: TaskAttempt): AgentEvent[] {
  const about = { task: { id: task.id, number: task.number, attempt: attempt.number } };
  const name = taskName(task);
  const inside = tryEvents(task, attempt);
  const error = inside.find(({ kind }) => kind === "error");
  const events: AgentEvent[] = [
    { at: attempt.startedAt, kind: "task.started", summary: `${name}: ${task.title}`, ...about },
  ];
  for (const event of inside) {
    const { at, kind, text, exitCode } = event;
    if (at === null || kind === "error") continue;
    const told = { text, ...(exitCode === undefined ? {} : { exitCode }) };
    events.push({ at, kind: KINDS[kind], summary: `${name}: ${sayOf(event)}`, ...about, ...told });
  }
  if (attempt.endedAt === null) return events;
  const outcome = attempt.outcome ?? "ended";
  const why = attempt.error === null ? "" : `: ${firstLine(attempt.error.message)}`;
  return [
    ...events,
    {
      at: attempt.endedAt,
      kind: "task.ended",
      summary: `${name} ${outcome}${why}`,
      ...about,
      outcome,
      ...(error ? { text: error.text } : {}),
    },
  ];
}

const KINDS = { report: "task.reported", check: "task.checked" } as const satisfies Partial<
  Record<TryEvent["kind"], AgentEventKind>
>;

function sayOf({ kind, text, exitCode }: TryEvent): string {
  if (kind === "report") return firstLine(text);
  if (exitCode === 0) return "check passed";
  return exitCode === null ? "check was ended" : `check failed with exit ${exitCode}`;
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
