import * as z from "zod";
import { agentView } from "../../core/agent.ts";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { agentViewOf } from "./agent-views.ts";
import { settleAnswers } from "./delivery/answer.ts";
import { pumpQueue } from "./delivery/drive.ts";
import { assertMayEnd, endAgent } from "./lifecycle/end.ts";

export const agentClear = defineOperation({
  name: "agent.clear",
  title: "Clear an agent's conversation",
  summary: "Close an agent's terminal and end its conversation; the agent stays",
  description:
    "Ends the agent's conversation and closes its terminal. The agent keeps its name, number and role; start it again with agent start. The old transcript stays readable. Of an adopted agent the Claude Code is ended, and its person's terminal stays.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ agent: agentRef, force: z.boolean().default(false).describe("Even while it works or waits") }),
  output: z.object({ agent: agentView }),
  errors: ["AGENT_NOT_FOUND", "AGENT_BUSY", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent clear api"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    await assertMayEnd(context, agent, input.force);
    await settleAnswers(context, agent);
    await endAgent(context, agent);
    // What its Claude Code still had in its own queue, nobody will take up.
    await pumpQueue(context, agent);
    context.logger.info("agent.cleared", { agentId: agent.id, by: context.caller.principal.kind });
    return { agent: await agentViewOf(context, (await context.store.agents.get(agent.id)) ?? agent) };
  },
});
