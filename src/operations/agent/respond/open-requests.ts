import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { AgentRequest, RequestAnswer, RequestOutcome } from "../../../core/request.ts";
import type { Context } from "../../context.ts";
import { backendOf, readScreen, terminalStatusOf } from "../observe.ts";
import { assertRequestOpen } from "./closed.ts";

/** What an agent asks now, in full; the first one is what its state reports. */
export async function openRequests(context: Context, agent: Agent): Promise<AgentRequest[]> {
  const terminal = await terminalStatusOf(context, agent);
  const program = await context.program(await backendOf(context, agent));
  return program.requests(agent, terminal, () => readScreen(context, agent));
}

/** What became of a request, by the evidence now. */
export async function outcomeOf(context: Context, agent: Agent, request: AgentRequest): Promise<RequestOutcome> {
  const terminal = await terminalStatusOf(context, agent);
  const program = await context.program(await backendOf(context, agent));
  return program.outcome(agent, request, terminal, () => readScreen(context, agent));
}

/**
 * The one request that is to be answered: the one named (by its id, or the beginning of it), else the only one.
 * @throws NOTHING_ASKED, REQUEST_AMBIGUOUS, REQUEST_NOT_FOUND, REQUEST_CLOSED
 */
export async function pickRequest(context: Context, agent: Agent, ref: string | undefined): Promise<AgentRequest> {
  const open = await openRequests(context, agent);
  const matching = ref === undefined ? open : namedBy(open, ref, ({ requestId }) => requestId);
  const [only, ...others] = matching;
  if (only && others.length === 0) return only;
  if (only) {
    const ids = matching.map(({ requestId }) => requestId);
    throw new AppError("REQUEST_AMBIGUOUS", `Agent ${agent.name} asks ${ids.length} things: ${ids.join(", ")}`, {
      details: { agentId: agent.id, requests: matching.map(({ requestId, summary }) => ({ requestId, summary })) },
    });
  }
  if (ref === undefined) {
    throw new AppError("NOTHING_ASKED", `Agent ${agent.name} asks nothing now`, { details: { agentId: agent.id } });
  }
  const answers = await context.store.answers.list({ agentId: agent.id });
  const [answered] = namedBy(answers, ref, ({ id }: RequestAnswer) => id);
  if (answered) assertRequestOpen(agent, answered);
  throw new AppError("REQUEST_NOT_FOUND", `Agent ${agent.name} does not ask ${JSON.stringify(ref)}, or not any more`, {
    details: { agentId: agent.id, requestId: ref, open: open.map(({ requestId }) => requestId) },
  });
}

/** Shorter beginnings would be typing errors. */
const MIN_BEGINNING = 8;

function namedBy<T>(things: readonly T[], ref: string, idOf: (thing: T) => string): T[] {
  const exact = things.filter((thing) => idOf(thing) === ref);
  if (exact.length > 0 || ref.length < MIN_BEGINNING) return exact;
  return things.filter((thing) => idOf(thing).startsWith(ref));
}
