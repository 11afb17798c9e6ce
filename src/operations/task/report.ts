import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { isUnderWay, REPORT_KINDS, type Task, taskView } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";
import { noteReport } from "../../scheduler/note-report.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { taskRef } from "./fields.ts";
import { resolveTask } from "./resolve-task.ts";
import { taskViewNow } from "./views.ts";

export const taskReport = defineOperation({
  name: "task.report",
  title: "Report on your task",
  summary: "Report on the task that you work on: progress, result, failure, question",
  description:
    "For agents that work on a task: says how it stands. `progress` for a step that is worth knowing; `result` once it is done, with what was done, how it was checked and what is open; `failed` when it cannot be done, with the reason; `needs-input` when somebody must decide or answer first, with the question. A task counts as done only after its result was reported (and its check, if it has one, passes).",
  effect: "write",
  risk: "low",
  isIdempotent: false,
  exposure: { mcp: false, worker: true },
  input: z.object({
    kind: z.enum(REPORT_KINDS).describe("progress, result, failed, or needs-input"),
    text: z.string().min(1).max(100_000).describe("What there is to say; it stands on its own"),
    task: taskRef.optional().describe("The task; default: the one that you work on"),
  }),
  output: z.object({ task: taskView }),
  errors: ["TASK_NOT_FOUND", "TASK_AMBIGUOUS", "TASK_ENDED", "TEXT_EMPTY", "PERMISSION_DENIED"],
  cli: {
    args: ["kind", "text"],
    stdin: "text",
    examples: ["task report progress 'The parser is done'", "task report result - < report.md"],
  },
  async run(input, context) {
    if (input.text.trim() === "") throw new AppError("TEXT_EMPTY", "There is no text to report");
    const agentId = agentOf(context);
    const task =
      input.task === undefined
        ? await taskOf(context, agentId)
        : assertOwn(await resolveTask(context, input.task), agentId);
    await noteReport(context, task.id, { kind: input.kind, text: input.text });
    return { task: await taskViewNow(context, task) };
  },
});

/** @throws PERMISSION_DENIED: nobody else can say what an agent has done */
function agentOf({ caller: { principal } }: Context): string {
  if (principal.kind === "worker") return principal.agentId;
  throw new AppError(
    "PERMISSION_DENIED",
    `Only the agent that works on a task reports on it, and not the ${principal.kind}`,
    {
      hint: "Change it with claude-orch task update, task cancel or task retry.",
    },
  );
}

function isOf({ state, attempts }: Task, agentId: string): boolean {
  return isUnderWay(state) && attempts.at(-1)?.agentId === agentId;
}

/** @throws PERMISSION_DENIED, TASK_ENDED */
function assertOwn(task: Task, agentId: string): Task {
  if (isOf(task, agentId)) return task;
  if (task.attempts.at(-1)?.agentId !== agentId) {
    throw new AppError("PERMISSION_DENIED", `${taskName(task)} is not this agent's task`, {
      hint: "Report on your own task; task_list shows who works on what.",
      details: { task: task.id },
    });
  }
  throw new AppError("TASK_ENDED", `${taskName(task)} is ${task.state}: nobody works on it now`, {
    hint: "Stop working on it; it may be given to an agent again.",
    details: { task: task.id, state: task.state },
  });
}

/** An agent works on one task at a time. @throws TASK_NOT_FOUND */
async function taskOf({ store }: Context, agentId: string): Promise<Task> {
  const task = await store.tasks.ofWorker(agentId);
  if (task && isOf(task, agentId)) return task;
  throw new AppError("TASK_NOT_FOUND", "This agent works on no task", {
    hint: "Answer in the conversation instead: nobody waits for a report.",
    details: { agentId },
  });
}
