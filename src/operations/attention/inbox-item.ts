import * as z from "zod";
import { agentErrorView } from "../../core/agent.ts";
import { MESSAGE_STATES } from "../../core/message.ts";
import { requestView } from "../../core/request.ts";
import { TASK_STATES } from "../../core/task.ts";
import { COORDINATION_MODES, COORDINATION_STATES } from "../../core/team/coordination.ts";
import { ATTENTION_KINDS } from "./attention.ts";

/** One thing that waits for a person. */
export const inboxItem = z.object({
  id: z
    .string()
    .describe(
      "Stays the same as long as it is the same thing: a request's, message's, task's or coordination's id where it is one",
    ),
  kind: z.enum(ATTENTION_KINDS),
  agent: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe("Null for a task that never had one, and for a team"),
  session: z.object({ id: z.string(), name: z.string() }),
  since: z.iso.datetime(),
  summary: z.string().describe("In one line"),
  because: z.string().describe("The evidence"),
  request: requestView.optional().describe("What is asked, in full"),
  error: agentErrorView.optional(),
  message: z
    .object({
      id: z.string(),
      state: z.enum(MESSAGE_STATES),
      text: z.string().describe("The prompt, shortened"),
      reason: z.string().optional().describe("Why it was not delivered, or its turn was cut off"),
      answer: z
        .object({ text: z.string(), isError: z.boolean() })
        .optional()
        .describe("Shortened; agent read has it all"),
    })
    .optional(),
  task: z
    .object({
      id: z.string(),
      number: z.number().int(),
      title: z.string(),
      state: z.enum(TASK_STATES),
      result: z.string().optional().describe("Shortened; task show has it all"),
    })
    .optional()
    .describe("The task that asks for input (`input`), has `failed` or is `finished`"),
  coordination: z
    .object({
      id: z.string(),
      mode: z.enum(COORDINATION_MODES),
      state: z.enum(COORDINATION_STATES),
      text: z.string().describe("The task, shortened"),
    })
    .optional()
    .describe("The coordination that is `finished`, or `failed` because nobody answered; team show has it all"),
  respond: z.array(z.string()).describe("Command lines that deal with it, the likeliest first"),
});
export type InboxItem = z.output<typeof inboxItem>;

/** The most urgent first; of the same kind, what waits longest. */
export function byUrgency(a: InboxItem, b: InboxItem): number {
  const urgency = ATTENTION_KINDS.indexOf(a.kind) - ATTENTION_KINDS.indexOf(b.kind);
  return urgency !== 0 ? urgency : a.since < b.since ? -1 : a.since > b.since ? 1 : 0;
}
