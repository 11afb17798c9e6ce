import * as z from "zod";
import { AGENT_STATES, agentView } from "../../core/agent.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";
import { agentViews } from "./agent-views.ts";

export const agentList = defineOperation({
  name: "agent.list",
  title: "List agents",
  summary: "List agents with their states",
  description: "Lists the agents of a session, or of all sessions, each with its state and the evidence for it.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    session: sessionRef.describe("Session id or name; default: all sessions"),
    state: z.enum(AGENT_STATES).optional().describe("Only agents in this state"),
  }),
  output: z.object({ agents: z.array(agentView) }),
  errors: ["SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { examples: ["agent list", "agent list --session shop --state waiting"] },
  async run(input, context) {
    const sessions =
      input.session === undefined ? await visibleSessions(context) : [await resolveSession(context, input.session)];
    const views = await agentViews(context, sessions);
    return { agents: input.state === undefined ? views : views.filter(({ state }) => state === input.state) };
  },
});
