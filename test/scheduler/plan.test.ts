import { describe, expect, it } from "vitest";
import type { Task } from "../../src/core/task.ts";
import { type Candidate, type Decision, plan, type Situation } from "../../src/scheduler/plan.ts";
import { makeTask } from "../support/task-records.ts";

const task = (change: Partial<Task> = {}): Task => ({ ...makeTask({ role: "coder", ...change }), number: 1 });

const agent = (change: Partial<Candidate> = {}): Candidate => ({
  id: "agt_1",
  sessionId: "ses_1",
  name: "Agent_1",
  role: "coder",
  state: "idle",
  isGone: false,
  heldUntil: undefined,
  isOfQueue: true,
  isUntouched: false,
  isPrivate: false,
  isTaken: false,
  ...change,
});

const session = (change = {}) => ({ name: "team", maxAgents: 2, agents: 1, heldUntil: undefined, ...change });

function decide(candidates: Candidate[], startable: Task[] = [task()], change: Partial<Situation> = {}): Decision[] {
  const sessions = new Map([["ses_1", session({ agents: candidates.length })]]);
  return plan({ now: 1_000, free: 9, sessions, candidates, startable, ...change });
}

const choices = (decisions: readonly Decision[]) =>
  decisions.map((decision) =>
    decision.kind === "start" ? { ...decision.choice, because: decision.because } : decision.because,
  );

describe("R3-12 R3-09: who gets a task", () => {
  it("an agent of its role that nobody has spoken to, as it is", () => {
    expect(choices(decide([agent({ isOfQueue: false, isUntouched: true })]))).toEqual([
      { kind: "use", agentId: "agt_1", because: "Agent_1 has this role and nothing was said to it yet" },
    ]);
  });

  it("an agent of the queue with its role, with a new conversation", () => {
    expect(choices(decide([agent()]))).toMatchObject([{ kind: "renew", agentId: "agt_1", role: "coder" }]);
    expect(choices(decide([agent({ state: "errored" })]))).toMatchObject([{ kind: "renew" }]);
  });

  it("never one that a person talks with, that is taken, private, or at work: a new one is started", () => {
    const others = [
      agent({ isOfQueue: false }),
      agent({ isTaken: true }),
      agent({ isPrivate: true }),
      agent({ state: "working" }),
      agent({ state: "waiting" }),
      agent({ role: "tester" }),
      agent({ sessionId: "ses_2" }),
    ];
    for (const other of others) expect(choices(decide([other]))).toMatchObject([{ kind: "spawn", role: "coder" }]);
  });

  it("R3-31: at the session's limit, a free one of another role begins anew, one that has ended first; else it waits", () => {
    const full = [agent({ role: "tester" }), agent({ id: "agt_2", role: "tester", state: "exited", isGone: true })];

    expect(choices(decide(full))).toMatchObject([{ kind: "renew", agentId: "agt_2", role: "coder" }]);
    expect(
      choices(decide(full.slice(0, 1), [task()], { sessions: new Map([["ses_1", session({ maxAgents: 1 })]]) })),
    ).toMatchObject([{ kind: "renew", agentId: "agt_1", role: "coder" }]);
    const busy = full.map((one) => ({ ...one, isTaken: true }));
    expect(choices(decide(busy))).toEqual(["no agent with the role coder is free, and team has its 2 agents"]);
  });

  it("no two tasks get one agent, or the same last place", () => {
    const tasks = ["a", "b", "c"].map((id) => task({ id }));

    expect(choices(decide([agent()], tasks))).toMatchObject([
      { kind: "renew", agentId: "agt_1" },
      { kind: "spawn" },
      "no agent with the role coder is free, and team has its 2 agents",
    ]);
  });

  it("the one that was asked for, with its conversation, also when it does not run; it is waited for", () => {
    const named = [task({ agentId: "agt_1" })];

    expect(choices(decide([agent({ isOfQueue: false, isPrivate: true })], named))).toEqual([
      { kind: "use", agentId: "agt_1", because: "Agent_1 was asked for" },
    ]);
    expect(choices(decide([agent({ state: "exited", isGone: true })], named))).toMatchObject([{ kind: "use" }]);
    expect(choices(decide([agent({ isTaken: true })], named))).toEqual(["Agent_1 has other work first"]);
    expect(choices(decide([agent({ state: "working" })], named))).toEqual(["Agent_1 is working"]);
    expect(choices(decide([agent({ state: "waiting" })], named))).toEqual(["Agent_1 waits for an answer"]);
    expect(decide([], named)).toMatchObject([{ kind: "give-up", because: "the agent that was to do it is gone" }]);
  });
});

describe("limits", () => {
  it("R3-31: as many start as there are places, in the order given", () => {
    const tasks = ["a", "b", "c"].map((id) => task({ id }));
    const sessions = new Map([["ses_1", session({ maxAgents: 9 })]]);

    expect(decide([], tasks, { free: 2, sessions }).map((decision) => decision.task.id)).toEqual(["a", "b"]);
    expect(decide([], tasks, { free: 0, sessions })).toEqual([]);
  });

  it("B7: an agent that a limit holds is not used before, and a usage limit holds the whole session", () => {
    const held = agent({ heldUntil: 60_000, state: "errored" });

    expect(choices(decide([held]))).toMatchObject([{ kind: "spawn" }]);
    expect(choices(decide([{ ...held, heldUntil: 999 }]))).toMatchObject([{ kind: "renew" }]);
    const sessions = new Map([["ses_1", session({ heldUntil: 60_000 })]]);
    expect(choices(decide([agent()], [task()], { sessions }))[0]).toContain(
      "a usage limit holds the agents of team until",
    );
    expect(choices(decide([held], [task({ agentId: "agt_1" })]))[0]).toContain("Agent_1 is held by a limit until");
  });
});
