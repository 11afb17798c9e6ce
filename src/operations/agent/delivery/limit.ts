import type { Agent, StateReport } from "../../../core/agent.ts";
import { type Message, ORCHESTRATOR } from "../../../core/message.ts";
import type { Context } from "../../context.ts";

/** Limits of a week are the longest there are: a time beyond that was misread, and holds nobody. */
const LONGEST_LIMIT_MS = 8 * 24 * 3_600_000;
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
  const { error } = report;
  if (report.state !== "errored" || report.pid === undefined || error?.retryAt === undefined) return undefined;
  if (error.kind !== "rate_limit" && error.kind !== "usage_limit") return undefined;
  const retryAt = Date.parse(error.retryAt);
  if (retryAt > context.clock.now() + LONGEST_LIMIT_MS) return undefined;
  // Messages wait for the resume, too: each of them would only meet the limit that it shall try out.
  return context.settings.autoResume ? Math.max(retryAt, await nextResumeAt(context, agent)) : retryAt;
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
