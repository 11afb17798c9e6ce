import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import { checkName, type Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";

export interface Reservation {
  stem: string | undefined;
  count: number;
  isMany: boolean;
  template: Omit<
    Agent,
    | "id"
    | "sessionId"
    | "number"
    | "name"
    | "conversationId"
    | "terminal"
    | "lifecycle"
    | "launchedAt"
    | "tokenHash"
    | "createdAt"
  >;
}

/**
 * Takes numbers, names and places in the session for all agents at once: all or none.
 * @throws AGENT_LIMIT_REACHED, AGENT_NAME_TAKEN, INVALID_NAME
 */
export async function reserveAgents(context: Context, session: Session, wanted: Reservation): Promise<Agent[]> {
  return context.store.transaction(async ({ agents, sessions }) => {
    const present = await agents.count(session.id);
    if (present + wanted.count > session.maxAgents) {
      throw new AppError(
        "AGENT_LIMIT_REACHED",
        `Session ${session.name} has ${present} of at most ${session.maxAgents} agents`,
        {
          details: { maxAgents: session.maxAgents, present, asked: wanted.count },
        },
      );
    }
    const reserved: Agent[] = [];
    for (let index = 0; index < wanted.count; index += 1) {
      const number = await sessions.takeAgentNumber(session.id);
      const stem = wanted.stem ?? "Agent";
      const name =
        wanted.stem !== undefined && !wanted.isMany
          ? wanted.stem
          : `${stem}_${wanted.stem === undefined ? number : index + 1}`;
      const agent: Agent = {
        ...wanted.template,
        id: context.ids.next("agt"),
        sessionId: session.id,
        number,
        name: checkName("agent", name),
        conversationId: null,
        terminal: null,
        lifecycle: "closed",
        launchedAt: null,
        tokenHash: "",
        createdAt: context.clock.now(),
      };
      await agents.insert(agent);
      reserved.push(agent);
    }
    return reserved;
  });
}
