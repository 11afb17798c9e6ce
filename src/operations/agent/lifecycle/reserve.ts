import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Repositories } from "../../../core/ports/store.ts";
import { checkName, type Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";

export interface Reservation {
  stem: string | undefined;
  count: number;
  isMany: boolean;
  /** How many agents of this role the session may have; null or left out: as many as it may have of any. */
  maxOfRole?: number | null;
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
    | "worktree"
  >;
}

/**
 * Takes numbers, names and places in the session for all agents at once: all or none.
 * @throws AGENT_LIMIT_REACHED, AGENT_NAME_TAKEN, INVALID_NAME
 */
export async function reserveAgents(context: Context, session: Session, wanted: Reservation): Promise<Agent[]> {
  return context.store.transaction((repositories) => reserveWithin(repositories, context, session, wanted));
}

/** The same inside a transaction of the caller. */
export async function reserveWithin(
  { agents, sessions }: Pick<Repositories, "agents" | "sessions">,
  context: Pick<Context, "ids" | "clock">,
  session: Session,
  wanted: Reservation,
): Promise<Agent[]> {
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
  if (wanted.maxOfRole != null) assertRoleLimit(await agents.list(session.id), session, wanted, wanted.maxOfRole);
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
      worktree: null,
      tokenHash: "",
      createdAt: context.clock.now(),
    };
    await agents.insert(agent);
    reserved.push(agent);
  }
  return reserved;
}

function assertRoleLimit(present: readonly Agent[], session: Session, wanted: Reservation, maxAgents: number): void {
  const { role } = wanted.template;
  const ofRole = present.filter((agent) => agent.role === role).length;
  if (ofRole + wanted.count <= maxAgents) return;
  throw new AppError(
    "AGENT_LIMIT_REACHED",
    `Session ${session.name} has ${ofRole} of at most ${maxAgents} agents with the role ${role}`,
    {
      hint: `Delete one of them, or raise limits.maxAgents in the role's file; claude-orch role show ${role} names it.`,
      details: { role, maxAgents, present: ofRole, asked: wanted.count },
    },
  );
}
