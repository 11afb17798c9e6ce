import * as z from "zod";
import { ERROR_KINDS } from "./agent.ts";
import { usageView } from "./message.ts";

/** What can happen with an agent. The word before the point is what it is about. */
export const AGENT_EVENT_KINDS = [
  "lifecycle.spawned",
  "lifecycle.adopted",
  "lifecycle.launched",
  "lifecycle.ready",
  "lifecycle.interrupted",
  "lifecycle.role-changed",
  "lifecycle.restored",
  "lifecycle.cleared",
  "lifecycle.ended",
  "lifecycle.exited",
  "lifecycle.lost",
  "lifecycle.tidied",
  "lifecycle.child-spawned",
  "message.queued",
  "message.typed",
  "message.submitted",
  "message.recorded",
  "message.answered",
  "message.failed",
  "message.unknown",
  "usage",
  "request.asked",
  "request.answered",
  "request.failed",
  "tool.used",
  "tool.denied",
  "tool.asked",
  ...ERROR_KINDS.map((kind) => `error.${kind}` as const),
  "error.restore",
  "error.recovered",
  "task.started",
  "task.reported",
  "task.checked",
  "task.ended",
] as const;
export type AgentEventKind = (typeof AGENT_EVENT_KINDS)[number];

/** One thing that happened with an agent. Texts of messages are not in it. */
export const agentEventView = z.object({
  at: z.iso.datetime(),
  kind: z.enum(AGENT_EVENT_KINDS),
  summary: z.string().describe("In one line, for a reader"),
  messageId: z.string().optional(),
  sender: z
    .string()
    .optional()
    .describe("Who sent the message: operator, manager, scheduler, orchestrator, an agent id"),
  durationMs: z.number().nullable().optional().describe("Of the turn that was answered"),
  isError: z.boolean().optional().describe("The answer is an error"),
  interrupted: z.boolean().optional().describe("The turn was cut off"),
  usage: usageView.optional(),
  requestId: z.string().optional(),
  outcome: z
    .string()
    .nullable()
    .optional()
    .describe("What became of the request, of the try at the task, or of the agent"),
  by: z.string().optional().describe("Who or what decided"),
  tool: z.string().optional(),
  toolUseId: z.string().optional(),
  task: z
    .object({ id: z.string(), number: z.number().int(), attempt: z.number().int() })
    .optional()
    .describe("The task, and which try at it"),
  exitCode: z.number().int().nullable().optional().describe("Of Claude Code, or of a check; null: it was killed"),
  text: z.string().optional().describe("What a report, a check or the error of a try said, as task logs has it"),
  retryAt: z.iso.datetime().optional().describe("When a limit is over"),
  role: z.string().optional(),
  child: z.object({ id: z.string(), name: z.string() }).optional().describe("An agent that works for it"),
});
export type AgentEventView = z.infer<typeof agentEventView>;

/** The same with its time as epoch ms. */
export type AgentEvent = Omit<AgentEventView, "at"> & { at: number };
