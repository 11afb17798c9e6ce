import { join } from "node:path";
import type { Agent } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { NO_PROTOCOL, type Protocol, type ProtocolOrigin } from "../../core/protocol.ts";
import { collectProtocols, findProtocol, type ProtocolCatalogue } from "../../core/protocol-catalogue.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { findSessionOfDirectory, resolveSession } from "../resolve.ts";

/** All working protocols that can be had in a codebase, and the files that cannot be used. */
export async function protocolsOf(context: Context, root: string): Promise<ProtocolCatalogue> {
  const folders: [ProtocolOrigin, string][] = [
    ["project", join(root, ".claude-orch", "protocols")],
    ["user", join(context.home, "protocols")],
    ["built-in", context.protocols.builtIn],
  ];
  const read = async ([origin, folder]: [ProtocolOrigin, string]) => {
    return { origin, files: await context.protocols.read(folder) };
  };
  return collectProtocols(await Promise.all(folders.map(read)));
}

/** The protocols that a call is about: of the session named or holding the current directory, else of that directory. */
export async function protocolsHere(context: Context, ref: string | undefined): Promise<ProtocolCatalogue> {
  const isNamed = ref !== undefined || context.caller.principal.kind === "worker";
  const session = isNamed ? await resolveSession(context, ref) : await findSessionOfDirectory(context);
  return protocolsOf(context, session?.root ?? context.caller.cwd);
}

/**
 * The protocol of this name or alias; null for `none`, and where there is no name.
 * @throws PROTOCOL_NOT_FOUND, PROTOCOL_FILE_INVALID
 */
export async function resolveProtocol(context: Context, root: string, name: string | null): Promise<Protocol | null> {
  if (name === null || name.trim().toLowerCase() === NO_PROTOCOL) return null;
  return findProtocol(await protocolsOf(context, root), name);
}

/**
 * The protocol that an agent works by, as its file is now.
 * @throws PROTOCOL_NOT_FOUND, PROTOCOL_FILE_INVALID
 */
export async function protocolOfAgent(context: Context, agent: Agent): Promise<Protocol | null> {
  if (agent.protocol === null) return null;
  const session = await context.store.sessions.get(agent.sessionId);
  if (!session) throw new AppError("SESSION_NOT_FOUND", `The session of agent ${agent.name} is gone`);
  return resolveProtocol(context, session.root, agent.protocol);
}

/** The protocol of a session; null also where its file cannot be used: for what is done beside the work of agents. */
export async function protocolOfSession(context: Context, session: Session): Promise<Protocol | null> {
  return resolveProtocol(context, session.root, session.protocol).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    context.logger.warn("protocol.unusable", { sessionId: session.id, code: error.code });
    return null;
  });
}
