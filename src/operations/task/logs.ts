import * as z from "zod";
import { TASK_STATES } from "../../core/task.ts";
import { newestPage } from "../newest-page.ts";
import { defineOperation } from "../operation.ts";
import { taskRef } from "./fields.ts";
import { logEntry, readLog } from "./read-log.ts";
import { resolveTask } from "./resolve-task.ts";
import { markTasksSeen } from "./seen.ts";

export const taskLogs = defineOperation({
  name: "task.logs",
  title: "Read a task's log",
  summary: "Read what a task's agents said and did, and what its checks said",
  description:
    "Shows what happened with a task, oldest first: of each try the prompts and what its agent said in the turns that belong to the task, what it reported, the output of each check, and why a try failed. Programs get the newest part of a long log; then `more` is true.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    task: taskRef,
    attempt: z.number().int().min(1).optional().describe("Only this try; default: all"),
    include: z
      .array(z.enum(["tools", "thinking"]))
      .default([])
      .describe("Also tool calls with their results, or thinking"),
  }),
  output: z.object({
    task: z.object({
      id: z.string(),
      number: z.number().int(),
      title: z.string(),
      state: z.enum(TASK_STATES),
      because: z.string(),
    }),
    entries: z.array(logEntry),
    more: z.boolean().describe("There is more before the first entry: only the newest part is here"),
  }),
  errors: ["TASK_NOT_FOUND", "TASK_AMBIGUOUS", "SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["task"], examples: ["task logs 7", "task logs 7 --include tools", "task logs 7 --follow --json"] },
  async run(input, context) {
    const task = await resolveTask(context, input.task);
    const entries = await readLog(context, task, { attempt: input.attempt, include: new Set(input.include) });
    await markTasksSeen(context, [task]);
    const { id, number, title, state, because } = task;
    const page = context.caller.principal.kind === "operator" ? entries : newestPage(entries);
    return { task: { id, number, title, state, because }, entries: page, more: page.length < entries.length };
  },
});
