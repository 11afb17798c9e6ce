import * as z from "zod";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { keptTranscripts } from "./kept.ts";
import { assertMayEnd, endAgent } from "./lifecycle/end.ts";
import { backendOf } from "./observe.ts";

export const agentDelete = defineOperation({
  name: "agent.delete",
  title: "Delete an agent",
  summary: "End an agent and forget it; its transcripts stay",
  description:
    "Ends the agent's Claude Code, closes its terminal and forgets the agent with its messages. Its transcripts stay and are listed in `kept`. Refused while it works or waits, unless forced. An adopted agent is only let go of: its person's Claude Code and terminal stay, unless forced, which ends that Claude Code.",
  effect: "destroy",
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({ agent: agentRef, force: z.boolean().default(false).describe("Even while it works or waits") }),
  output: z.object({
    deleted: z.object({ id: z.string(), name: z.string() }),
    kept: z.array(z.string()).describe("What was not removed: paths of transcripts"),
  }),
  errors: ["AGENT_NOT_FOUND", "AGENT_BUSY", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent delete api --yes", "agent delete api --yes --force"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const isLetGo = agent.isAdopted && !input.force;
    if (!isLetGo) await assertMayEnd(context, agent, input.force);
    const kept = await keptTranscripts(context, agent);
    const program = await context.program(await backendOf(context, agent));
    if (!isLetGo) await endAgent(context, agent);
    await program.removeAgentFiles(agent.id);
    await context.store.agents.remove(agent.id);
    return { deleted: { id: agent.id, name: agent.name }, kept };
  },
});
