import * as z from "zod";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { openTerminalOf } from "./lifecycle/find-opened.ts";

export const agentScreen = defineOperation({
  name: "agent.screen",
  title: "Read an agent's screen",
  summary: "Show what an agent's terminal shows",
  description:
    "Returns the lines that the agent's terminal shows now. For what it said, use agent read: the screen is for dialogs and trouble.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    agent: agentRef,
    lines: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe("The last this many lines, with scrollback where there is any"),
    raw: z.boolean().default(false).describe("With colours and other escape sequences"),
  }),
  output: z.object({
    agent: z.object({ id: z.string(), name: z.string() }),
    lines: z.array(z.string()),
    title: z.string().nullable(),
  }),
  errors: ["AGENT_NOT_FOUND", "TERMINAL_GONE", "UNSUPPORTED_BY_BACKEND", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent screen api", "agent screen api --lines 200"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const terminal = await openTerminalOf(context, agent);
    const backend = await context.backend(terminal.backend);
    const options = { ...(input.lines === undefined ? {} : { history: input.lines }), isRaw: input.raw };
    const screen = await backend.screen(terminal, options, context.signal);
    const shown = input.lines === undefined ? screen.lines : screen.lines.slice(-input.lines);
    const lines = input.raw ? shown : shown.map((line) => line.replace(CONTROLS, ""));
    return { agent: { id: agent.id, name: agent.name }, lines, title: screen.title ?? null };
  },
});

/** No cell of a terminal holds one; a backend's own drawing might. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g;
