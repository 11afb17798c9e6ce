import type { Agent, StateReport } from "../../../core/agent.ts";
import { type Message, ORCHESTRATOR } from "../../../core/message.ts";
import type { Context } from "../../context.ts";

/** Limits of a week are the longest there are: a time beyond that was misread, and holds nobody. */
const LONGEST_LIMIT_MS = 8 * 24 * 3_600_000;
/**
 * So long after a limit Claude Code may still go on by itself, where it has announced to: 2.1.330 lets 30 to 90 s pass and
 * then looks every 30 s.
 */
const OWN_CONTINUATION_MS = 3 * 60_000;
/** Two resumes are at least this far apart; the gap doubles with each one that meets the limit again. */
const FIRST_GAP_MS = 60_000;
const LONGEST_GAP_MS = 30 * 60_000;
/** Among this many newest messages the earlier resumes are looked for. */
const LOOK_BACK = 50;

/**
 * When an agent that hit a rate or usage limit may be prompted again (epoch ms; in the past when the limit is over);
 * undefined for any other. Until then its messages wait.
 */
export async function limitEnd(context: Context, agent: Agent, report: StateReport): Promise<number | undefined> {
  const { error, failedTurn } = report;
  if (report.state !== "errored" || report.pid === undefined || error?.retryAt === undefined) return undefined;
  if (error.kind !== "rate_limit" && error.kind !== "usage_limit") return undefined;
  const retryAt = Date.parse(error.retryAt);
  if (retryAt > context.clock.now() + LONGEST_LIMIT_MS) return undefined;
  // Messages wait for the resume, too: each of them would only meet the limit that it shall try out.
  if (!context.settings.autoResume) return retryAt;
  return Math.max(retryAt + (failedTurn?.goesOn ? OWN_CONTINUATION_MS : 0), await nextResumeAt(context, agent));
}

/** The same, but as early as the agent may go on: by itself already when the limit ends, where it has announced that. */
export function mayGoOnAt({ error, failedTurn }: StateReport, until: number): number {
  return failedTurn?.goesOn && error?.retryAt !== undefined ? Math.min(until, Date.parse(error.retryAt)) : until;
}

/** A person who says `now` knows better: the limit was raised, or another account is used. */
export function breaksHold(message: Pick<Message, "when" | "sender">): boolean {
  return message.when === "now" && message.sender === "operator";
}

async function nextResumeAt({ store }: Context, agent: Agent): Promise<number> {
  const messages = await store.messages.list(agent.id, { limit: LOOK_BACK });
  const resumes = messages.filter(({ sender }) => sender === ORCHESTRATOR);
  const newest = resumes.at(-1);
  if (!newest) return 0;
  const lastSuccess = resumes.findLastIndex(({ answer }) => answer !== null && !answer.isError);
  const failures = resumes.length - 1 - lastSuccess;
  return newest.createdAt + Math.min(FIRST_GAP_MS * 2 ** Math.max(0, failures - 1), LONGEST_GAP_MS);
}
