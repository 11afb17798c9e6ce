import { type Consensus, followConsensus } from "./consensus.ts";
import { type Coordination, type Member, type Reply, repliesOf } from "./coordination.ts";
import { type Saying, sequentialPrompt, synthesisPrompt } from "./prompts.ts";

/** One prompt to one agent. */
export interface Ask {
  agentId: string;
  text: string;
}

export type NextStep =
  /** Asked at the same time; the step is over when each has answered or will not. */
  { kind: "ask"; label: string; asks: Ask[] } | { kind: "over"; state: "done" | "failed" };

export const SYNTHESIS = "synthesis";

/**
 * What is to be done next, from the steps that are over and nothing else: after a crash any process comes to the same
 * step with the same words.
 */
export function nextStep(coordination: Coordination): NextStep {
  const { participants, text } = coordination;
  switch (coordination.mode) {
    case "parallel":
      if (repliesOf(coordination, "1")) return finish(coordination);
      return { kind: "ask", label: "1", asks: participants.map(({ agentId }) => ({ agentId, text })) };
    case "sequential": {
      const index = participants.findIndex((_, at) => !repliesOf(coordination, String(at + 1)));
      const next = participants[index];
      if (!next) return finish(coordination);
      const prompt = sequentialPrompt(text, answersOf(coordination));
      return { kind: "ask", label: String(index + 1), asks: [{ agentId: next.agentId, text: prompt }] };
    }
    case "consensus": {
      const consensus = followConsensus(coordination);
      return consensus.ask ? { kind: "ask", ...consensus.ask } : finish(coordination, consensus);
    }
  }
}

/** What each participant answered to the task itself; in a consensus its newest proposal. */
export function answersOf(coordination: Coordination): Saying[] {
  return coordination.participants.flatMap((who) => {
    const text = lastReply(coordination, who)?.text;
    return text == null ? [] : [{ who, text }];
  });
}

/** A participant's newest reply to the task itself: an answer, or why there is none. */
export function lastReply(coordination: Coordination, { agentId }: Member): Reply | undefined {
  const replies = coordination.stages
    .filter(({ label }) => isOnTask(label))
    .flatMap((stage) => stage.replies.filter((reply) => reply.agentId === agentId));
  return replies.findLast(({ text }) => text !== null) ?? replies.at(-1);
}

/** Is this step about the task itself, and not about what others said of it? */
export function isOnTask(label: string): boolean {
  return /^\d+(?:\.proposal)?$/.test(label);
}

function finish(coordination: Coordination, consensus?: Consensus): NextStep {
  const answers = answersOf(coordination);
  if (answers.length === 0) return { kind: "over", state: "failed" };
  const { coordinator, participants, text } = coordination;
  if (!coordinator || repliesOf(coordination, SYNTHESIS)) return { kind: "over", state: "done" };
  const silent = participants.flatMap((who) => {
    const reply = lastReply(coordination, who);
    return reply && reply.text === null ? [{ who, reason: reply.reason ?? "no reason is known" }] : [];
  });
  const { decision } = consensus ?? {};
  const prompt = synthesisPrompt(text, {
    answers,
    silent,
    rounds: consensus?.rounds ?? [],
    decision: decision && `${decision.outcome}: ${decision.because}`,
  });
  return { kind: "ask", label: SYNTHESIS, asks: [{ agentId: coordinator.agentId, text: prompt }] };
}
