import * as z from "zod";
import type { Task, TaskAttempt } from "../../core/task.ts";
import { type Entry, entryView } from "../../core/transcript.ts";
import { withAuthors } from "../agent/authors.ts";
import { type EntriesOptions, messageEntries } from "../agent/message-entries.ts";
import { backendOf } from "../agent/observe.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../views.ts";
import { tryEvents } from "./try-events.ts";

/** One thing that happened with a task: an entry of its agent's transcript, a report, a run of its check, the end of a try. */
export const logEntry = entryView.omit({ kind: true }).extend({
  kind: z.enum([...entryView.shape.kind.options, "report", "check"]),
  attempt: z.number().int().describe("The try that it belongs to"),
  agent: z.string().nullable().describe("Name of the agent of this try"),
  exitCode: z.number().int().nullable().optional().describe("Of a check; null: it was killed, or could not be started"),
});
export type LogEntry = z.output<typeof logEntry>;

interface LogOptions extends Pick<EntriesOptions, "include"> {
  attempt: number | undefined;
}

/** All that is known of a task's tries, oldest first. */
export async function readLog(
  context: Context,
  task: Task,
  { attempt: only, include }: LogOptions,
): Promise<LogEntry[]> {
  const attempts = task.attempts.filter(({ number }) => only === undefined || number === only);
  const logs = await Promise.all(attempts.map((attempt) => logOf(context, task, attempt, { include })));
  return logs.flat();
}

async function logOf(
  context: Context,
  task: Task,
  attempt: TaskAttempt,
  options: Pick<EntriesOptions, "include">,
): Promise<LogEntry[]> {
  const { agent, entries } = await said(context, attempt, options);
  const of = { attempt: attempt.number, agent, promptId: null };
  return inOrderOfTime([
    ...entries.map((entry): LogEntry => ({ ...entry, ...of, promptId: entry.promptId })),
    ...tryEvents(task, attempt).map(
      ({ at, ...event }): LogEntry => ({ ...of, ...event, at: at === null ? null : isoTime(at) }),
    ),
  ]);
}

/** The turns of the try's prompts; of an agent that was deleted, that it was. */
async function said(
  context: Context,
  attempt: TaskAttempt,
  options: Pick<EntriesOptions, "include">,
): Promise<{ agent: string | null; entries: Entry[] }> {
  if (attempt.agentId === null) return { agent: null, entries: [] };
  const agent = await context.store.agents.get(attempt.agentId);
  if (!agent) {
    const text = "The agent of this try was deleted; Claude Code keeps its transcript.";
    const notice: Entry = { id: `gone:${attempt.number}`, kind: "notice", promptId: null, at: null, text };
    return { agent: attempt.agentId, entries: [notice] };
  }
  const program = await context.program(await backendOf(context, agent));
  const turns: Entry[] = [];
  for (const id of attempt.messageIds) {
    const message = await context.store.messages.get(id);
    const page = message && (await messageEntries(program, agent, message, options));
    turns.push(...(page?.entries ?? []));
  }
  return { agent: agent.name, entries: await withAuthors(context, agent, turns) };
}

/** Stable; what has no time of its own stays behind what it followed. */
function inOrderOfTime(entries: readonly LogEntry[]): LogEntry[] {
  let last = "";
  const timed = entries.map((entry) => {
    last = entry.at ?? last;
    return { entry, at: last };
  });
  return timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ entry }) => entry);
}
