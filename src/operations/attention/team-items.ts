import { toAppError } from "../../core/errors.ts";
import type { Coordination } from "../../core/team/coordination.ts";
import type { CoordinationView } from "../../core/team/view.ts";
import { isForPeople } from "../agent/delivery/seen.ts";
import type { Context } from "../context.ts";
import { toCoordinationView } from "../team/views.ts";
import { workOn } from "../team/work-on.ts";
import type { InboxItem } from "./inbox-item.ts";

const MAX_SUMMARY = 200;

/** Coordinations of people and managers that are over and that nobody has looked at, after they were carried on. */
export async function finishedTeams(context: Context, sessionIds: ReadonlySet<string>): Promise<Coordination[]> {
  await carryOn(context, sessionIds);
  return (await context.store.coordinations.unseen()).filter(
    ({ sessionId, createdBy }) => sessionIds.has(sessionId) && isForPeople(createdBy.kind),
  );
}

/** One begun without waiting comes to its end also where no server runs: whoever looks takes it as far as it goes now. */
async function carryOn(context: Context, sessionIds: ReadonlySet<string>): Promise<void> {
  if (context.caller.principal.kind === "observer") return;
  for (const { id, sessionId } of await context.store.coordinations.list({ state: "running" })) {
    if (!sessionIds.has(sessionId)) continue;
    try {
      await workOn(context, id, 0);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === "cancelled") throw error;
      context.logger.warn("inbox.team-failed", { id, error: error.message });
    }
  }
}

/** The inbox's items of these coordinations. */
export function teamItems(context: Context, ended: readonly Coordination[]): Promise<InboxItem[]> {
  return Promise.all(ended.map(async (one) => toItem(await toCoordinationView(context, one))));
}

function toItem(view: CoordinationView): InboxItem {
  const { id, mode, state, text, session, participants, endedAt, createdAt } = view;
  const answered = participants.filter(({ answer }) => answer !== null).length;
  return {
    id,
    kind: state === "failed" ? "failed" : "finished",
    agent: null,
    session,
    since: endedAt ?? createdAt,
    summary: summaryOf(view),
    because: `${answered} of ${participants.length} agents answered`,
    coordination: { id, mode, state, text: shortened(text) },
    respond: [`claude-orch team show ${id}`, `claude-orch inbox done ${id}`],
  };
}

/** What came of it, in one line. */
function summaryOf({ decision, synthesis, participants }: CoordinationView): string {
  if (decision) return shortened(`${decision.outcome}: ${decision.because}`);
  if (synthesis !== null) return shortened(synthesis);
  const names = participants.filter(({ answer }) => answer !== null).map(({ name }) => name);
  return names.length === 0 ? "nobody answered" : `answers of ${names.join(", ")}`;
}

function shortened(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1)}…`;
}
