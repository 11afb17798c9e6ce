import * as z from "zod";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { openTerminalOf } from "./lifecycle/find-opened.ts";

export const agentFocus = defineOperation({
  name: "agent.focus",
  title: "Bring an agent to the front",
  summary: "Bring an agent's terminal to the front",
  description:
    "Shows the agent's terminal to the person at this machine. Where nobody looks at the terminals, it returns the command to look at this one.",
  effect: "write",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ agent: agentRef }),
  output: z.object({
    agent: z.object({ id: z.string(), name: z.string() }),
    attach: z
      .array(z.string())
      .nullable()
      .describe("Command (argv) that shows this terminal; null when it is on the screen already"),
  }),
  errors: ["AGENT_NOT_FOUND", "TERMINAL_GONE", "UNSUPPORTED_BY_BACKEND", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent focus api"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const terminal = await openTerminalOf(context, agent);
    const backend = await context.backend(terminal.backend);
    const { attachCommand } = await backend.focus(terminal, context.signal);
    return { agent: { id: agent.id, name: agent.name }, attach: attachCommand ?? null };
  },
});
