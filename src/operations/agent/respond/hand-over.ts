import type { Agent } from "../../../core/agent.ts";
import { parseDuration } from "../../../core/duration.ts";
import { AppError, toAppError } from "../../../core/errors.ts";
import { senderName } from "../../../core/principal.ts";
import type { AgentRequest, Decision, RequestAnswer, RequestOutcome, RequestWay } from "../../../core/request.ts";
import type { Context } from "../../context.ts";
import { underLease } from "../lifecycle/under-lease.ts";
import { backendOf } from "../observe.ts";
import { answeredByOthers, assertRequestOpen } from "./closed.ts";
import { openRequests, outcomeOf } from "./open-requests.ts";
import { terminalAccess } from "./terminal-access.ts";

/** After somebody else was faster, the evidence of what became of the request comes within this time. */
const OTHERS_MS = 1_000;

/**
 * Answers a request and proves by hooks and transcript that the answer took effect. Journalled: the row says `deciding`
 * before anything is handed over, so that after a crash the request is either still open or settled by the evidence.
 *
 * @returns the settled row
 * @throws REQUEST_CLOSED (somebody else was faster), REQUEST_NOT_SHOWN, REQUEST_ANSWER_INVALID: nothing was done;
 *   REQUEST_ALREADY_ANSWERED; ANSWER_UNPROVED; AGENT_BUSY; CANCELLED
 */
export async function answerRequest(
  context: Context,
  agent: Agent,
  request: AgentRequest,
  decision: Decision,
): Promise<RequestAnswer> {
  const { store, clock, processes, caller } = context;
  const earlier = await store.answers.get(request.requestId);
  const row: RequestAnswer = {
    id: request.requestId,
    agentId: agent.id,
    kind: request.kind,
    summary: request.summary,
    request,
    decision,
    decidedBy: senderName(caller.principal),
    state: "deciding",
    via: null,
    outcome: null,
    reason: null,
    holder: processes.self(),
    createdAt: clock.now(),
    settledAt: null,
  };
  await begin(context, agent, row);
  try {
    const via = await handOver(context, agent, row);
    await store.answers.update(row.id, { via });
    return await prove(context, agent, { ...row, via });
  } catch (thrown) {
    throw await journalFailure(context, agent, { row, earlier }, toAppError(thrown));
  }
}

/** @throws REQUEST_CLOSED, REQUEST_ALREADY_ANSWERED (another process is at it) */
async function begin(context: Context, agent: Agent, row: RequestAnswer): Promise<void> {
  const { answers } = context.store;
  const write = () => answers.begin(row, (holder) => context.processes.isAlive(holder));
  try {
    await write();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "REQUEST_ALREADY_ANSWERED") throw error;
    const earlier = await answers.get(row.id);
    if (earlier?.state !== "settled") throw error;
    if (!(await isAskedAgain(context, agent, row.request))) assertRequestOpen(agent, earlier);
    await answers.update(row.id, { state: "failed", reason: "it was asked once more" });
    await write();
  }
}

/** What only the screen shows has no identity but its text: the same dialog may come twice. */
async function isAskedAgain(context: Context, agent: Agent, request: AgentRequest): Promise<boolean> {
  if (request.evidence.offset !== null) return false;
  return (await openRequests(context, agent)).some(({ requestId }) => requestId === request.requestId);
}

async function handOver(context: Context, agent: Agent, { request, decision }: RequestAnswer): Promise<RequestWay> {
  const program = await context.program(await backendOf(context, agent));
  const terminal = terminalAccess(context, agent);
  const give = () => program.answer(agent, request, decision, terminal, context.signal);
  // Keys are typed by one process at a time; what waits for a decision elsewhere need not wait for the input box.
  const { via } = request.via === "keys" ? await underLease(context, agent.id, give) : await give();
  return via;
}

async function prove(context: Context, agent: Agent, row: RequestAnswer): Promise<RequestAnswer> {
  const { request, decision } = row;
  const boundMs = parseDuration(context.settings.deliveryTimeout) ?? 30_000;
  const outcome = await awaitOutcome(context, agent, request, boundMs);
  if (outcome === "open" || !isProof(request, outcome)) throw unproved(agent, row, outcome);
  const isOthers = contradicts(decision, request, outcome);
  const settled = {
    state: "settled",
    outcome,
    settledAt: context.clock.now(),
    holder: null,
    reason: isOthers ? `it was ${outcome} in the terminal first` : null,
  } as const;
  await context.store.answers.update(row.id, settled);
  context.logger.info("request.answered", { agentId: agent.id, requestId: row.id, outcome, via: row.via, isOthers });
  if (isOthers) throw answeredByOthers(agent, row.id, outcome);
  return { ...row, ...settled };
}

async function awaitOutcome(
  context: Context,
  agent: Agent,
  request: AgentRequest,
  maxMs: number,
): Promise<RequestOutcome> {
  const program = await context.program(await backendOf(context, agent));
  let deadline = context.clock.monotonic() + maxMs;
  let isGone = false;
  for (;;) {
    const outcome = await outcomeOf(context, agent, request);
    if (outcome !== "open" && isProof(request, outcome)) return outcome;
    if (outcome === "gone" && !isGone) deadline = Math.min(deadline, context.clock.monotonic() + GONE_LAG_MS);
    isGone = outcome === "gone";
    const left = deadline - context.clock.monotonic();
    if (left <= 0) return outcome;
    await program.watch([agent], Math.min(left, 250), context.signal);
  }
}

/** The request goes at once; what became of it is told later: a subagent's tool may run for a while, on a busy machine. */
const GONE_LAG_MS = 5_000;

/** A dialog that is no longer shown was answered; of what Claude Code records, more must be known. */
export function isProof(request: Pick<AgentRequest, "kind">, outcome: RequestOutcome): boolean {
  return outcome === "gone" ? request.kind === "dialog" : outcome !== "open";
}

/** The effect is not the one that was decided: a person was faster. */
export function contradicts(decision: Decision, request: Pick<AgentRequest, "kind">, outcome: RequestOutcome): boolean {
  // Which option of a dialog means yes, is the dialog's own business.
  if (request.kind === "dialog") return false;
  return decision.kind === "deny" ? outcome === "allowed" || outcome === "answered" : outcome === "denied";
}

function unproved(agent: Agent, row: RequestAnswer, outcome: RequestOutcome): AppError {
  const what = outcome === "open" ? "the request is still open" : "the request is gone, and nothing tells how it ended";
  return new AppError("ANSWER_UNPROVED", `The answer to ${agent.name} was handed over, but ${what}`, {
    details: { agentId: agent.id, requestId: row.id, outcome, via: row.via },
  });
}

/** Writes what became of an answer that did not succeed, and says what to throw. Never cancelled: it is the journal. */
async function journalFailure(
  context: Context,
  agent: Agent,
  { row, earlier }: { row: RequestAnswer; earlier: RequestAnswer | undefined },
  error: AppError,
): Promise<AppError> {
  const { answers } = context.store;
  const now = context.clock.now();
  const current = await answers.get(row.id);
  if (current?.state !== "deciding") return error;
  // Handed over, and its effect not seen (yet): the next look settles it.
  if (error.code === "ANSWER_UNPROVED" || current.via !== null) {
    await answers.update(row.id, { holder: null, reason: error.message });
    return error;
  }
  if (error.code !== "REQUEST_CLOSED") {
    await answers.update(row.id, { state: "failed", holder: null, reason: error.message, settledAt: now });
    return error;
  }
  const calm = { ...context, signal: new AbortController().signal };
  const outcome = await awaitOutcome(calm, agent, row.request, OTHERS_MS);
  const isEarlier = earlier?.state === "deciding" && outcome !== "open";
  await answers.update(
    row.id,
    // It was the answer of a process that died before it could see the effect.
    isEarlier
      ? { ...earlier, state: "settled", holder: null, outcome, settledAt: now }
      : { state: "failed", holder: null, outcome, reason: error.message, settledAt: now },
  );
  return answeredByOthers(agent, row.id, outcome);
}
