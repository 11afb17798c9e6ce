import { AppError } from "../../../core/errors.ts";
import { nearNames } from "../../../core/near-names.ts";
import type { Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";
import { resolveSession } from "../../resolve.ts";
import type { Candidate } from "./adoption-candidates.ts";

/**
 * The candidate with this pid or conversation, and the session to take it into.
 * @throws PROCESS_NOT_FOUND with near candidates, AGENT_ALREADY_MANAGED, SESSION_NOT_FOUND, SESSION_AMBIGUOUS
 */
export async function chooseCandidate(
  context: Context,
  candidates: readonly Candidate[],
  wanted: string,
  sessionRef: string | undefined,
): Promise<{ running: Candidate["running"]; session: Session }> {
  const found = candidates.find(({ view }) => String(view.pid) === wanted || view.conversationId === wanted);
  if (!found) throw notFound(candidates, wanted);
  const { running, agent } = found;
  if (agent) {
    throw new AppError("AGENT_ALREADY_MANAGED", `Process ${running.pid} cannot be adopted: ${found.view.problem}`, {
      hint: found.isManaged
        ? `Use agent ${agent.name}.`
        : `End that process, then claude-orch agent start ${agent.name} --resume.`,
      details: { pid: running.pid, agentId: agent.id, agent: agent.name },
    });
  }
  if (found.session) return { running, session: found.session };
  // Throws what is wrong with the directory: held by no session, or by several.
  const there = { ...context, caller: { ...context.caller, cwd: running.cwd } };
  return { running, session: await resolveSession(there, sessionRef) };
}

function notFound(candidates: readonly Candidate[], wanted: string): AppError {
  const free = candidates.filter(({ isManaged }) => !isManaged).map(({ view }) => view);
  const names = new Map(
    free.flatMap(({ pid, conversationId, name }) => [
      [String(pid), pid],
      [conversationId, pid],
      ...(name === null ? [] : [[name, pid] as const]),
    ]) as [string, number][],
  );
  const near = [...new Set(nearNames(wanted, [...names.keys()]).flatMap((name) => names.get(name) ?? []))];
  return new AppError(
    "PROCESS_NOT_FOUND",
    `No Claude Code with pid or conversation ${JSON.stringify(wanted)} runs here`,
    {
      ...(near.length > 0
        ? { hint: `Did you mean ${near.join(" or ")}? claude-orch agent adopt shows them all.` }
        : {}),
      details: { process: wanted, near },
    },
  );
}
