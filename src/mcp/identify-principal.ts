import { createHash } from "node:crypto";
import { AppError } from "../core/errors.ts";
import type { AgentRepository } from "../core/ports/store.ts";
import type { Principal } from "../core/principal.ts";
import { agentOfEnvironment } from "../operations/agent-environment.ts";
import type { Files } from "../operations/context.ts";

/** Names the 0600 file that holds a spawned agent's token; set in the agent's own MCP entry. */
const TOKEN_FILE_VARIABLE = "CLAUDE_ORCH_TOKEN_FILE";

/**
 * Who talks to this server: a worker when the environment names a token file, else the client that a person configured.
 * @throws PERMISSION_DENIED when the token cannot be read or belongs to no agent: never a silent rise to manager
 */
export async function identifyPrincipal(
  env: Readonly<Record<string, string | undefined>>,
  files: Pick<Files, "readText">,
  agents: Pick<AgentRepository, "findByTokenHash" | "get">,
): Promise<Principal> {
  const tokenFile = env[TOKEN_FILE_VARIABLE];
  if (tokenFile === undefined) return withoutToken(env, agents);

  const token = await files.readText(tokenFile).catch((cause: unknown) => {
    throw refused(`The token file named by ${TOKEN_FILE_VARIABLE} cannot be read`, tokenFile, cause);
  });
  const agent = await agents.findByTokenHash(createHash("sha256").update(token.trim()).digest("hex"));
  if (!agent) throw refused(`The token named by ${TOKEN_FILE_VARIABLE} belongs to no agent`, tokenFile);
  return { kind: "worker", agentId: agent.id, sessionId: agent.sessionId };
}

/**
 * An agent also loads the servers that its user has configured, ours under another name among them: without its token it
 * is still that agent, and no manager.
 */
async function withoutToken(
  env: Readonly<Record<string, string | undefined>>,
  agents: Pick<AgentRepository, "get">,
): Promise<Principal> {
  return (await agentOfEnvironment(env, agents)) ?? { kind: "manager" };
}

function refused(message: string, tokenFile: string, cause?: unknown): AppError {
  return new AppError("PERMISSION_DENIED", message, {
    hint: "Start the agent again; its token is made anew.",
    details: { tokenFile },
    cause,
  });
}
