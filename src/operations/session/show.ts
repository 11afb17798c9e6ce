import * as z from "zod";
import { agentView } from "../../core/agent.ts";
import { sessionView } from "../../core/session.ts";
import { todoView } from "../../core/todo/todo-summary.ts";
import { observeAgents } from "../agent/observe.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession } from "../resolve.ts";
import { readTodo } from "../todo/read-todo.ts";
import { toAgentView, toSessionView } from "../views.ts";

export const sessionShow = defineOperation({
  name: "session.show",
  title: "Show a session",
  summary: "Show a session and its agents with their states",
  description:
    "Shows one session and the state of each of its agents, with the evidence for that state, and how far the to-do list of its codebase is (the first of TODO.md, development/TODO.md and .claude-orch/TODO.md that holds one).",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    session: z
      .string()
      .min(1)
      .optional()
      .describe("Session id or name; by default the one that holds the current directory"),
  }),
  output: z.object({
    session: sessionView.extend({ todo: todoView.nullable().describe("How far its to-do list is; null: it has none") }),
    agents: z.array(agentView),
  }),
  errors: ["SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { args: ["session"], examples: ["session show shop"] },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const agents = await context.store.agents.list(session.id);
    const reports = await observeAgents(context, agents);
    return {
      session: { ...toSessionView(session, agents.length), todo: await readTodo(context, session) },
      agents: agents.flatMap((agent, index) => {
        const report = reports[index];
        return report ? [toAgentView(agent, session, report)] : [];
      }),
    };
  },
});
