import { type Moment, newId, setStatus } from "./moment.ts";
import * as records from "./records.ts";
import type { BackgroundTask, FakeState } from "./state.ts";
import type { ToolUse } from "./tool.ts";

/** `background_tasks` of Stop (claude-code-facts §3.2). */
export function backgroundTasks(state: FakeState): Record<string, unknown>[] {
  return state.background.map(({ id, command }) => ({ id, type: "shell", status: "running", command }));
}

/** What the agent is when it has no turn: `shell` while commands of it run. */
export function rest(moment: Moment): void {
  setStatus(moment, moment.state.background.length > 0 ? "shell" : "idle");
}

export function startBackground(moment: Moment, tool: ToolUse, ms: number): BackgroundTask {
  const task: BackgroundTask = {
    id: newId(moment, "b"),
    toolUseId: tool.toolUseId,
    command: String(tool.input.command),
    endsAt: moment.at + ms,
  };
  moment.state.background.push(task);
  return task;
}

/** A command has ended: its notice goes into Claude Code's own queue, where it wakes an agent that rests. */
export function endBackground(moment: Moment, task: BackgroundTask): void {
  const { state, outbox, at } = moment;
  state.background = state.background.filter(({ id }) => id !== task.id);
  const text = [
    "<task-notification>",
    `<task-id>${task.id}</task-id>`,
    `<tool-use-id>${task.toolUseId}</tool-use-id>`,
    "<status>completed</status>",
    `<summary>Background command "${task.command}" completed (exit code 0)</summary>`,
    "</task-notification>",
  ].join("\n");
  state.queue.push({ promptId: moment.ids.uuid(), text, isNotification: true });
  outbox.record(state, records.queueRecord(state, at, "enqueue", text), at);
}
