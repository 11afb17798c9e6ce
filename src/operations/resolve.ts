import { sep } from "node:path";
import type { Agent } from "../core/agent.ts";
import { AppError } from "../core/errors.ts";
import { nearNames } from "../core/near-names.ts";
import type { Session } from "../core/session.ts";
import type { Context } from "./context.ts";
import { assertSameSession } from "./policy/authorise.ts";

/**
 * The session a call is about: the one named; else the worker's own; else the one whose root holds the current
 * directory (the deepest, when several do).
 * @throws SESSION_NOT_FOUND, SESSION_AMBIGUOUS, PERMISSION_DENIED
 */
export async function resolveSession(context: Context, ref: string | undefined): Promise<Session> {
  const { principal } = context.caller;
  if (ref === undefined && principal.kind === "worker") ref = principal.sessionId;
  const session = ref === undefined ? await sessionOfDirectory(context) : await sessionByRef(context, ref);
  assertSameSession(principal, session.id);
  return session;
}

async function sessionByRef(context: Context, ref: string): Promise<Session> {
  const { sessions } = context.store;
  const found = (await sessions.get(ref)) ?? (await sessions.findByName(ref));
  if (found) return found;
  const near = nearNames(
    ref,
    (await visibleSessions(context)).map((session) => session.name),
  );
  throw new AppError("SESSION_NOT_FOUND", `There is no session ${JSON.stringify(ref)}`, {
    ...(near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}? claude-orch session list shows them all.` } : {}),
    details: { session: ref, near },
  });
}

async function sessionOfDirectory(context: Context): Promise<Session> {
  const session = await findSessionOfDirectory(context);
  if (session) return session;
  throw new AppError("SESSION_NOT_FOUND", `No session holds ${context.caller.cwd}`, {
    hint: "Create one here with claude-orch session create, or say which with --session.",
    details: { cwd: context.caller.cwd },
  });
}

/** The deepest session whose root holds the current directory. @throws SESSION_AMBIGUOUS */
export async function findSessionOfDirectory(context: Context): Promise<Session | undefined> {
  const { cwd } = context.caller;
  const holding = (await context.store.sessions.list()).filter(({ root }) => isInside(cwd, root));
  const depth = Math.max(...holding.map(({ root }) => root.length));
  const deepest = holding.filter(({ root }) => root.length === depth);
  if (deepest.length > 1) {
    const names = deepest.map(({ name }) => name);
    throw new AppError("SESSION_AMBIGUOUS", `Several sessions hold ${cwd}: ${names.join(", ")}`, {
      details: { sessions: names },
    });
  }
  return deepest[0];
}

export function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * The agent named by id, `session/name`, or name. A bare name is looked for in the session given or holding the
 * current directory first, then everywhere.
 * @throws AGENT_NOT_FOUND with near names, AGENT_AMBIGUOUS, PERMISSION_DENIED
 */
export async function resolveAgent(context: Context, ref: string, sessionRef?: string): Promise<Agent> {
  const agent = await findAgent(context, ref, sessionRef);
  assertSameSession(context.caller.principal, agent.sessionId);
  return agent;
}

async function findAgent(context: Context, ref: string, sessionRef: string | undefined): Promise<Agent> {
  const { agents } = context.store;
  const byId = ref.startsWith("agt_") ? await agents.get(ref) : undefined;
  if (byId) return byId;

  const slash = ref.indexOf("/");
  if (slash > 0) {
    const session = await resolveSession(context, ref.slice(0, slash));
    return (await agents.findByName(session.id, ref.slice(slash + 1))) ?? notFound(context, ref);
  }
  if (sessionRef !== undefined || context.caller.principal.kind === "worker") {
    const session = await resolveSession(context, sessionRef);
    return (await agents.findByName(session.id, ref)) ?? notFound(context, ref);
  }
  const here = await findSessionOfDirectory(context).catch(() => undefined);
  const inHere = here && (await agents.findByName(here.id, ref));
  if (inHere) return inHere;

  const everywhere = (await agents.list()).filter(({ name }) => name === ref);
  if (everywhere.length > 1) {
    const sessions = await Promise.all(everywhere.map(({ sessionId }) => context.store.sessions.get(sessionId)));
    const names = sessions.map((session) => `${session?.name}/${ref}`);
    throw new AppError("AGENT_AMBIGUOUS", `Several agents are called ${ref}: ${names.join(", ")}`, {
      details: { agents: names },
    });
  }
  return everywhere[0] ?? notFound(context, ref);
}

async function notFound(context: Context, ref: string): Promise<never> {
  const { principal } = context.caller;
  const visible = await context.store.agents.list(principal.kind === "worker" ? principal.sessionId : undefined);
  const near = nearNames(
    ref.slice(ref.indexOf("/") + 1),
    visible.map(({ name }) => name),
  );
  throw new AppError("AGENT_NOT_FOUND", `There is no agent ${JSON.stringify(ref)}`, {
    ...(near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}? claude-orch agent list shows them all.` } : {}),
    details: { agent: ref, near },
  });
}

/** Sessions the caller may see. */
export async function visibleSessions(context: Context): Promise<Session[]> {
  const sessions = await context.store.sessions.list();
  const { principal } = context.caller;
  return principal.kind === "worker" ? sessions.filter(({ id }) => id === principal.sessionId) : sessions;
}
