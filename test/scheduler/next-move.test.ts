import { describe, expect, it } from "vitest";
import type { StateReport } from "../../src/core/agent.ts";
import type { Task, TaskAttempt, TaskReport } from "../../src/core/task.ts";
import type { Look, Round } from "../../src/scheduler/crew.ts";
import { ANSWERED, type Evidence, nextMove } from "../../src/scheduler/next-move.ts";
import { makeAgent } from "../support/store-records.ts";
import { makeAttempt, makeTask } from "../support/task-records.ts";

const STARTED = 1_000;
const answer = {
  text: "done it",
  toolUses: [],
  stopReason: null,
  interrupted: false,
  isError: false,
  durationMs: 1,
  usage: null,
};

interface Given {
  task?: Partial<Task>;
  attempt?: Partial<TaskAttempt>;
  state?: StateReport["state"];
  look?: Partial<Look>;
  round?: Round;
  now?: number;
  autoResume?: boolean;
  agent?: Evidence["agent"];
}

/** A try whose agent was launched and has its prompt, unless said otherwise. */
function move({ task, attempt, state = "idle", look, round, now = 5_000, autoResume = true, ...given }: Given) {
  const agent = "agent" in given ? given.agent : makeAgent({ name: "api", launchedAt: STARTED + 1, lifecycle: "open" });
  return nextMove({
    task: { ...makeTask({ state: "running", timeoutMs: 60_000, ...task }), number: 7 },
    attempt: makeAttempt({
      startedAt: STARTED,
      prompts: [{ kind: "task", at: 2_000 }],
      messageIds: ["msg_1"],
      ...attempt,
    }),
    agent,
    look: {
      report: { state, because: `evidence of ${state}`, since: 1 },
      isGone: state === "exited" || state === "lost",
      heldUntil: undefined,
      ...look,
    },
    round: round ?? { kind: "ended", answer },
    now,
    autoResume,
    spawnTimeoutMs: 10_000,
  });
}

const said = (kind: TaskReport["kind"], text = "so it is", at = 3_000): Partial<Task> => ({
  reports: [{ kind, text, at }],
});

describe("before its prompt", () => {
  const fresh = { prompts: [{ kind: "task" as const, at: 2_000 }], messageIds: [] };

  it("an agent of before is launched anew; one whose opener was cut off, again", () => {
    expect(move({ attempt: fresh, agent: makeAgent({ launchedAt: STARTED - 1 }) })).toEqual({ kind: "launch" });
    expect(move({ attempt: fresh, agent: makeAgent({ launchedAt: null }) })).toEqual({ kind: "launch" });
    const cutOff = makeAgent({ launchedAt: STARTED + 1, lifecycle: "opening" });
    expect(move({ attempt: fresh, agent: cutOff, state: "lost" })).toEqual({ kind: "launch" });
    expect(move({ attempt: fresh, agent: { ...cutOff, lifecycle: "open" }, state: "lost" })).toMatchObject({
      kind: "end",
      outcome: "lost",
      error: { kind: "spawn" },
    });
  });

  it("one whose conversation is kept is left as it is, and resumed where it does not run", () => {
    const kept = { ...fresh, conversation: "kept" as const };
    const agent = makeAgent({ launchedAt: 1 });
    expect(move({ attempt: kept, agent })).toEqual({ kind: "send", prompt: "task" });
    expect(move({ attempt: kept, agent, state: "exited" })).toEqual({ kind: "resume" });
    // Resumed for this try, and gone once more: it is not started for ever.
    const again = { ...agent, launchedAt: STARTED + 1, lifecycle: "open" as const };
    expect(move({ attempt: kept, agent: again, state: "exited" })).toMatchObject({
      kind: "end",
      outcome: "lost",
      error: { kind: "spawn" },
    });
    expect(move({ attempt: kept, agent: { ...again, lifecycle: "opening" }, state: "lost" })).toEqual({
      kind: "resume",
    });
  });
});

describe("A task is done only with evidence", () => {
  it("a result without a check is one; with a check, the check decides", () => {
    expect(move({ task: said("result") })).toEqual({ kind: "end", outcome: "done", error: null, result: "so it is" });
    expect(move({ task: { ...said("result"), check: ["true"] } })).toEqual({ kind: "check" });
    // While its turn runs, nothing is over.
    expect(move({ task: said("result"), state: "working", round: { kind: "open" } })).toMatchObject({
      kind: "watch",
      state: "running",
    });
  });

  it("a turn without a report gets one reminder; then only a check can speak for it", () => {
    const reminded = {
      prompts: [
        { kind: "task" as const, at: 2_000 },
        { kind: "reminder" as const, at: 4_000 },
      ],
      messageIds: ["m1", "m2"],
    };

    expect(move({})).toEqual({ kind: "ask", prompt: "reminder" });
    expect(move({ task: said("progress") })).toEqual({ kind: "ask", prompt: "reminder" });
    expect(move({ attempt: reminded, task: { check: ["true"] } })).toEqual({ kind: "check" });
    expect(move({ attempt: reminded })).toMatchObject({
      outcome: "failed",
      error: { kind: "reported", message: "its agent never reported" },
    });
    expect(move({ attempt: { ...reminded, messageIds: ["m1"] } })).toEqual({ kind: "send", prompt: "reminder" });
    expect(move({ attempt: reminded, task: said("result", "late", 4_001) })).toMatchObject({
      outcome: "done",
      result: "late",
    });
  });

  it("what it said before it was prompted again does not count", () => {
    const repaired = {
      prompts: [
        { kind: "task" as const, at: 2_000 },
        { kind: "check" as const, at: 4_000 },
      ],
      messageIds: ["m1", "m2"],
    };

    expect(move({ attempt: repaired, task: { ...said("failed"), check: ["true"] } })).toEqual({ kind: "check" });
  });

  it("a report of failure ends the try, a question waits until somebody has answered", () => {
    expect(move({ task: said("failed", "no compiler") })).toMatchObject({
      outcome: "failed",
      error: { kind: "reported", message: "no compiler" },
    });
    const asked = said("needs-input", "which port?");
    expect(move({ task: asked })).toEqual({ kind: "watch", state: "waiting", because: "api asks: which port?" });
    expect(move({ task: { ...asked, state: "waiting" }, state: "working" })).toMatchObject({
      state: "running",
      note: ANSWERED,
    });
    const goesOn = { reports: [...(asked.reports ?? []), { kind: "progress" as const, text: ANSWERED, at: 3_500 }] };
    expect(move({ task: goesOn })).toEqual({ kind: "ask", prompt: "reminder" });
  });
});

describe("what goes wrong", () => {
  it("R3-29: its time is over, also while it waits; limits do not count", () => {
    const late = STARTED + 60_000;
    expect(move({ now: late - 1, state: "working" })).toMatchObject({ kind: "watch" });
    for (const state of ["working", "waiting", "idle"] as const) {
      expect(move({ now: late, state })).toMatchObject({
        kind: "stop-and-end",
        outcome: "timeout",
        error: { kind: "timeout" },
      });
    }
    expect(move({ now: late, look: { heldUntil: late + 1 }, state: "errored" })).toMatchObject({
      kind: "watch",
      heldUntil: late + 1,
    });
    expect(move({ now: late, task: { notBefore: 30_000 }, state: "working" })).toMatchObject({ kind: "watch" });
  });

  it("R4-77: a lost or deleted agent ends the try, and so does a prompt that did not arrive", () => {
    expect(move({ state: "lost" })).toMatchObject({
      outcome: "lost",
      error: { kind: "agent", message: "api is evidence of lost" },
    });
    expect(move({ agent: undefined })).toMatchObject({ outcome: "lost" });
    expect(move({ round: { kind: "undelivered", reason: "no way" } })).toMatchObject({
      outcome: "failed",
      error: { kind: "agent" },
    });
    expect(move({ round: { kind: "unproved", reason: "?" } })).toMatchObject({
      outcome: "failed",
      error: { kind: "agent" },
    });
    expect(move({ round: { kind: "unproved", reason: "?" }, state: "working" })).toMatchObject({ kind: "watch" });
    expect(
      move({ round: { kind: "ended", answer: { ...answer, isError: true, text: "529 overloaded" } } }),
    ).toMatchObject({
      outcome: "failed",
      error: { kind: "agent", message: "529 overloaded" },
    });
    expect(move({ state: "starting", round: { kind: "open" }, now: 20_000 })).toMatchObject({
      outcome: "failed",
      error: { kind: "spawn" },
    });
  });

  it("B7: a limit is waited for; where nobody lets the agent go on, the task starts anew afterwards, and that is no failed try", () => {
    const held = { state: "errored" as const, look: { heldUntil: 9_000 } };
    expect(move(held)).toMatchObject({ kind: "watch", state: "running", heldUntil: 9_000 });
    // It is over, and the agent is about to go on: its failed turn is no failed try.
    const failed: Round = { kind: "ended", answer: { ...answer, isError: true } };
    expect(move({ ...held, now: 9_001, round: failed })).toMatchObject({
      kind: "watch",
      because: "the limit that held api is over",
    });
    expect(move({ ...held, autoResume: false })).toMatchObject({ kind: "end", outcome: "cancelled", heldUntil: 9_000 });
  });

  it("what an agent asks, and what a person has interrupted, waits for a person", () => {
    const waitingFor = { kind: "permission" as const, requestId: "r", summary: "Bash: rm x" };
    const report = { state: "waiting" as const, because: "b", since: 1, waitingFor };
    expect(move({ look: { report }, round: { kind: "open" } })).toEqual({
      kind: "watch",
      state: "waiting",
      because: "api asks: Bash: rm x",
    });
    expect(move({ round: { kind: "ended", answer: { ...answer, interrupted: true } } })).toMatchObject({
      kind: "watch",
      state: "waiting",
    });
  });
});
