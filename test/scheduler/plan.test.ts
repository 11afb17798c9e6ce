import { describe, expect, it } from "vitest";
import type { Task } from "../../src/core/task.ts";
import { type Candidate, type Decision, type Places, plan, type Situation } from "../../src/scheduler/plan.ts";
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

const session = (change: Partial<Places> = {}): Places => ({
  ...{ name: "team", maxAgents: 2, agents: 1, maxOfRole: new Map(), heldUntil: undefined },
  ...change,
});
const ROOM = { freeMemory: undefined, wanted: 700, starting: 0, load: undefined };

function decide(candidates: Candidate[], startable: Task[] = [task()], change: Partial<Situation> = {}): Decision[] {
  const sessions = new Map([["ses_1", session({ agents: candidates.length })]]);
  const rest = { now: 1_000, free: 9, isIdle: false, room: ROOM, knowing: new Map() };
  return plan({ ...rest, sessions, candidates, startable, ...change });
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

describe("which conversation", () => {
  const known = [agent(), agent({ id: "agt_2", name: "Agent_2" })];

  it("kept: an idle agent of the queue goes on in its own, first of all one that has worked on what the task needs", () => {
    const kept = [task({ conversation: "kept" })];

    expect(choices(decide(known, kept))).toEqual([
      {
        kind: "use",
        agentId: "agt_1",
        because: "Agent_1 has this role and is free; it goes on in its conversation",
      },
    ]);
    const knowing = new Map([["tsk_1", ["agt_9", "agt_2"]]]);
    expect(choices(decide(known, kept, { knowing }))).toMatchObject([{ kind: "use", agentId: "agt_2" }]);
    expect(choices(decide([agent({ state: "errored" })], kept))).toMatchObject([{ kind: "renew" }]);
    expect(choices(decide([agent({ state: "exited", isGone: true })], kept))).toMatchObject([{ kind: "spawn" }]);
  });

  it("new: an agent that was asked for begins a new one, with the role that it has", () => {
    const named = [task({ agentId: "agt_1", conversation: "new" })];

    expect(choices(decide([agent({ role: "tester" })], named))).toEqual([
      {
        kind: "renew",
        agentId: "agt_1",
        role: "tester",
        because: "Agent_1 was asked for; it begins a new conversation",
      },
    ]);
    expect(choices(decide([agent({ state: "starting" })], named))).toEqual(["Agent_1 is starting"]);
    expect(choices(decide([agent({ state: "working" })], named))).toEqual(["Agent_1 is working"]);
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

  it("R3-31: a role has no more agents than it may, however they come to it, and its tasks say so", () => {
    const maxOfRole = new Map([["coder", 1]]);
    const bounded = (change: Partial<Places> = {}) => ({
      sessions: new Map([["ses_1", session({ maxAgents: 9, maxOfRole, ...change })]]),
    });
    const two = ["a", "b"].map((id) => task({ id }));
    const limit = "no agent with the role coder is free, and team has its 1 agent with this role";

    // The first one takes the last place of the role.
    expect(choices(decide([], two, bounded()))).toMatchObject([{ kind: "spawn" }, limit]);
    expect(choices(decide([agent({ isTaken: true })], [task()], bounded()))).toEqual([limit]);
    // Those of a person count, too; one of another role does not become one more.
    const full = [agent({ isOfQueue: false, isPrivate: true }), agent({ id: "agt_2", role: "tester" })];
    expect(choices(decide(full, [task()], bounded({ maxAgents: 2, agents: 2 })))).toEqual([limit]);
    // It is one already.
    expect(choices(decide([agent()], two, bounded()))).toMatchObject([{ kind: "renew", agentId: "agt_1" }, limit]);
    expect(choices(decide([agent({ isGone: true, state: "exited" })], [task()], bounded()))).toMatchObject([
      { kind: "renew", agentId: "agt_1" },
    ]);
    // Another role's place is free again when its agent begins anew as this one.
    const moved = [task({ id: "a" }), task({ id: "b", role: "tester" })];
    const swap = bounded({ maxAgents: 1, agents: 1, maxOfRole: new Map([["tester", 1]]) });
    expect(choices(decide([agent({ role: "tester" })], moved, swap))).toMatchObject([
      { kind: "renew", agentId: "agt_1", role: "coder" },
      "no agent with the role tester is free, and team has its 1 agent",
    ]);
  });

  it("R3-31: a new process waits for memory and for the load; one may always start when nothing is under way", () => {
    const three = ["a", "b", "c"].map((id) => task({ id }));
    const sessions = new Map([["ses_1", session({ maxAgents: 9 })]]);
    const short =
      "no agent with the role coder is free, and the machine has about 300 MB of free memory; a new agent wants 700";
    const room = (freeMemory: number) => ({ ...ROOM, freeMemory });

    // Each takes its part of what is left, before it has it.
    const taken = short.replace(
      "about 300 MB of free memory",
      "about 1000 MB of free memory, of which 700 are for agents that are starting",
    );
    expect(choices(decide([], three, { sessions, room: room(1_010) }))).toMatchObject([
      { kind: "spawn" },
      taken,
      taken,
    ]);
    expect(choices(decide([], three, { sessions, room: room(310), isIdle: true }))).toMatchObject([
      { kind: "spawn" },
      taken.replace("about 1000", "about 300"),
      taken.replace("about 1000", "about 300"),
    ]);
    // One that has ended would be a new process; one that runs is not, whatever its role was.
    const gone = agent({ state: "exited", isGone: true });
    expect(choices(decide([gone], [task()], { room: room(310) }))).toEqual([short]);
    expect(choices(decide([agent()], [task()], { room: room(310) }))).toMatchObject([{ kind: "renew" }]);
    expect(choices(decide([agent({ role: "tester" })], [task()], { room: room(310) }))).toMatchObject([
      { kind: "renew", agentId: "agt_1", role: "coder" },
    ]);
    expect(choices(decide([gone], [task({ agentId: "agt_1" })], { room: room(310) }))).toEqual([
      "Agent_1 does not run, and the machine has about 300 MB of free memory; a new agent wants 700",
    ]);

    const load = { now: 6.26, most: 4 };
    expect(choices(decide([], [task()], { sessions, room: { ...ROOM, load } }))).toEqual([
      "no agent with the role coder is free, and the load of the machine is 6.3 for each processor, a new agent wants 4 at most",
    ]);
    expect(choices(decide([], [task()], { sessions, room: { ...ROOM, load: { now: 4, most: 4 } } }))).toMatchObject([
      { kind: "spawn" },
    ]);
  });
});
