import * as z from "zod";
import { agentErrorView } from "./agent.ts";
import { usageView } from "./message.ts";

/** One thing said or done in a conversation, in order. */
export const entryView = z.object({
  id: z.string().describe("Record id within the transcript"),
  kind: z.enum(["prompt", "text", "thinking", "tool_use", "tool_result", "error", "interruption", "notice"]),
  promptId: z.string().nullable().describe("The turn it belongs to"),
  at: z.iso.datetime().nullable(),
  text: z.string().optional(),
  from: z.enum(["orchestrator", "person", "agent"]).optional().describe("Who wrote a prompt"),
  tool: z
    .object({ id: z.string(), name: z.string(), input: z.unknown().optional(), isError: z.boolean().optional() })
    .optional(),
  model: z.string().optional(),
  usage: usageView.optional(),
  error: agentErrorView.omit({ message: true }).optional().describe("Of an error: its kind, and when a limit is over"),
});
export type Entry = z.infer<typeof entryView>;
