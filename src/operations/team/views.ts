import type { Answer } from "../../core/message.ts";
import { type Decision, followConsensus, type Round } from "../../core/team/consensus.ts";
import { type Coordination, type Member, type Reply, repliesOf, stepKey } from "../../core/team/coordination.ts";
import { isOnTask, lastReply, nextStep, SYNTHESIS } from "../../core/team/next-step.ts";
import type { CoordinationView } from "../../core/team/view.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../views.ts";

/** What there is of a coordination now: of the step that runs, too, as far as its answers are stored. */
export async function toCoordinationView(context: Context, coordination: Coordination): Promise<CoordinationView> {
  const { coordinator, participants } = coordination;
  const session = await context.store.sessions.get(coordination.sessionId);
  const consensus = coordination.mode === "consensus" ? followConsensus(coordination) : undefined;
  const rounds = consensus?.rounds ?? [];
  const synthesis =
    repliesOf(coordination, SYNTHESIS)?.[0] ?? (await running(context, coordination, SYNTHESIS, coordinator));
  return {
    id: coordination.id,
    session: { id: coordination.sessionId, name: session?.name ?? "" },
    mode: coordination.mode,
    state: coordination.state,
    text: coordination.text,
    participants: await Promise.all(
      participants.map(async (member) => {
        const reply = lastReply(coordination, member) ?? (await running(context, coordination, "task", member));
        const unread = rounds.at(-1)?.unread.find(({ voter }) => voter.agentId === member.agentId)?.reason;
        const asked = await toAskedView(context, member, reply);
        const reason = asked.reason ?? unread;
        return { ...asked, ...(reason === undefined ? {} : { reason }), vote: voteOf(rounds, member) };
      }),
    ),
    coordinator: coordinator && (await toAskedView(context, coordinator, synthesis)),
    synthesis: synthesis?.text ?? null,
    decision: consensus?.decision ? toDecisionView(consensus.decision) : null,
    ...(consensus ? { rounds: rounds.map(toRoundView) } : {}),
    createdAt: isoTime(coordination.createdAt),
    endedAt: coordination.endedAt === null ? null : isoTime(coordination.endedAt),
  };
}

/** What a member said in the step that runs, when that is the synthesis, or is about the task itself. */
async function running(
  { store }: Context,
  coordination: Coordination,
  wanted: typeof SYNTHESIS | "task",
  member: Member | null,
): Promise<Reply | undefined> {
  const step = nextStep(coordination);
  if (!member || step.kind === "over") return undefined;
  if (wanted === SYNTHESIS ? step.label !== SYNTHESIS : !isOnTask(step.label)) return undefined;
  const { agentId } = member;
  const message = await store.messages.findByIdempotencyKey(agentId, stepKey(coordination.id, step.label, agentId));
  return message && { agentId, messageId: message.id, text: message.answer?.text ?? null, reason: null };
}

async function toAskedView({ store }: Context, { agentId, name }: Member, reply: Reply | undefined) {
  const messageId = reply?.messageId ?? null;
  const stored = messageId === null ? undefined : await store.messages.get(messageId);
  const text = reply?.text ?? null;
  return {
    agentId,
    name,
    messageId,
    // Its messages go with an agent that is deleted; what it said stays.
    answer: text === null ? null : (stored?.answer ?? bareAnswer(text)),
    ...(reply?.reason == null ? {} : { reason: reply.reason }),
  };
}

function bareAnswer(text: string): Answer {
  const unknown = { stopReason: null, durationMs: null, usage: null };
  return { text, toolUses: [], interrupted: false, isError: false, ...unknown };
}

/** A member's vote in the last round in which it voted. */
function voteOf(rounds: readonly Round[], { agentId }: Member): CoordinationView["participants"][number]["vote"] {
  for (const { number: round, votes } of rounds.toReversed()) {
    const vote = votes.find(({ voter }) => voter.agentId === agentId);
    if (!vote) continue;
    const { choice, reason } = vote;
    return { choice: choice?.name ?? null, agentId: choice?.agentId ?? null, reason, round };
  }
  return null;
}

function toDecisionView({ proposal, dissents, ...decision }: Decision): CoordinationView["decision"] {
  return {
    ...decision,
    proposal: proposal && { ...proposal.who, text: proposal.text },
    dissents: dissents.flatMap(({ voter, choice, reason }) =>
      choice ? [{ ...voter, choice: choice.name, reason }] : [],
    ),
  };
}

function toRoundView({ number, proposals, votes, unread }: Round): NonNullable<CoordinationView["rounds"]>[number] {
  return {
    round: number,
    proposals: proposals.map(({ who, text }) => ({ ...who, text })),
    votes: votes.map(({ voter, choice, reason }) => ({ ...voter, choice: choice?.name ?? null, reason })),
    unread: unread.map(({ voter, reason }) => ({ ...voter, reason })),
  };
}
