import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { keptTranscripts } from "../agent/kept.ts";
import { assertMayEnd, endAgent } from "../agent/lifecycle/end.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession } from "../resolve.ts";

export const sessionDelete = defineOperation({
  name: "session.delete",
  title: "Delete a session",
  summary: "Stop a session's agents and forget the session",
  description:
    "Ends every agent of the session and forgets it. Transcripts stay where Claude Code wrote them and are listed in `kept`. Refused while an agent works, unless forced. Adopted agents are only let go of, unless forced.",
  effect: "destroy",
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    session: z.string().min(1).describe("Session id or name"),
    force: z.boolean().default(false).describe("End agents that are working or waiting too"),
  }),
  output: z.object({
    deleted: z.object({ id: z.string(), name: z.string() }),
    agents: z.array(z.object({ id: z.string(), name: z.string() })),
    kept: z.array(z.string()).describe("What was not removed: paths of transcripts"),
  }),
  errors: ["SESSION_NOT_FOUND", "AGENT_BUSY", "PERMISSION_DENIED"],
  cli: { args: ["session"], examples: ["session delete shop --yes", "session delete shop --yes --force"] },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const agents = await context.store.agents.list(session.id);
    // An adopted Claude Code is its person's: it is only let go of.
    const ending = agents.filter(({ isAdopted }) => !isAdopted || input.force);
    for (const agent of ending) await assertMayEnd(context, agent, input.force);
    const kept = (await Promise.all(agents.map((agent) => keptTranscripts(context, agent)))).flat();
    await Promise.all(ending.map((agent) => endAgent(context, agent)));
    const program = await context.program(session.backend);
    for (const agent of agents) await program.removeAgentFiles(agent.id);
    await context.store.transaction(async (repositories) => {
      const spawnedMeanwhile = (await repositories.agents.list(session.id)).length - agents.length;
      if (spawnedMeanwhile > 0)
        throw new AppError("SESSION_HAS_AGENTS", `An agent was spawned in ${session.name} meanwhile`);
      for (const agent of agents) await repositories.agents.remove(agent.id);
      await repositories.sessions.remove(session.id);
    });
    return {
      deleted: { id: session.id, name: session.name },
      agents: agents.map(({ id, name }) => ({ id, name })),
      kept,
    };
  },
});
