import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView, TerminalRef } from "../../../src/core/agent.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { CoordinationView } from "../../../src/core/team/view.ts";
import { agentDelete } from "../../../src/operations/agent/delete.ts";
import { agentRespond } from "../../../src/operations/agent/respond.ts";
import { agentSend } from "../../../src/operations/agent/send.ts";
import { inboxDone } from "../../../src/operations/inbox/done.ts";
import { inbox } from "../../../src/operations/inbox/inbox.ts";
import { sessionCreate } from "../../../src/operations/session/create.ts";
import { teamCancel } from "../../../src/operations/team/cancel.ts";
import { teamCoordinate } from "../../../src/operations/team/coordinate.ts";
import { keepTeamsMoving } from "../../../src/operations/team/keep-moving.ts";
import { teamList } from "../../../src/operations/team/list.ts";
import { teamShow } from "../../../src/operations/team/show.ts";
import { codeOf } from "../../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../../support/fake-world.ts";
import { overriding } from "../../support/overriding.ts";
import { waitFor } from "../../support/wait-for.ts";
import { proposes, votes } from "./scripts.ts";

let world: FakeWorld;
const agents: Record<string, AgentView> = {};

beforeAll(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_MAX_AGENTS: "30" });
  for (const name of ["a", "b", "c", "lead"]) agents[name] = await world.spawn(name);
});
afterAll(() => world.dispose());

async function coordinate(mode: string, text: string, more: Record<string, unknown> = {}): Promise<CoordinationView> {
  const input = { mode, text, participants: ["a", "b", "c"], timeout: "20s", ...more };
  return (await world.call(teamCoordinate, input)).coordination;
}

/** What stands in the prompts that a coordination sent an agent. */
async function prompts({ id }: CoordinationView, name: string): Promise<string[]> {
  const messages = await world.context.store.messages.list(agents[name]?.id ?? "");
  return messages.filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`team:${id}:`)).map(({ text }) => text);
}

const said = ({ participants }: CoordinationView) => participants.map(({ answer }) => answer?.text ?? null);

describe("parallel", () => {
  it("R2-27, R4-45: each participant gets the task, all answers come back with who said them", async () => {
    const result = await coordinate("parallel", "[[sleep 700ms]][[reply looked at it]]");

    expect(result).toMatchObject({ mode: "parallel", state: "done", synthesis: null, decision: null });
    expect(result.participants.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(said(result)).toEqual(["looked at it", "looked at it", "looked at it"]);
    for (const { agentId, messageId, vote } of result.participants) {
      expect(vote).toBeNull();
      expect(await world.context.store.messages.get(messageId ?? "")).toMatchObject({ agentId, state: "answered" });
    }
    expect(await prompts(result, "b")).toEqual(["[[sleep 700ms]][[reply looked at it]]"]);
    const sent = await Promise.all(
      result.participants.map(({ messageId }) => world.context.store.messages.get(messageId ?? "")),
    );
    const times = (key: "recordedAt" | "answeredAt") => sent.map((message) => message?.[key] ?? Number.NaN);
    expect(Math.max(...times("recordedAt")), "all work at the same time").toBeLessThan(
      Math.min(...times("answeredAt")),
    );
  });

  it("R4-45: a coordinator gets everything and who said it; its answer is the synthesis", async () => {
    const result = await coordinate("parallel", "[[if You coordinate | reply all agree]][[reply blue]]", {
      participants: "a,b".split(","),
      coordinator: "lead",
    });

    expect(result).toMatchObject({ state: "done", synthesis: "all agreeblue", coordinator: { name: "lead" } });
    const [prompt] = await prompts(result, "lead");
    for (const name of ["a", "b"]) expect(prompt).toContain(`Answer of agent ${name}:\n> blue`);
  });

  it("who fails, waits for a person, or was never there keeps nobody waiting, and is named with the reason", async () => {
    const gone = await world.spawn("gone");
    const asking = await world.spawn("asking");
    const failing = await world.spawn("failing");
    await world.call(agentSend, { agent: "asking", text: '[[permission Bash {"command":"make"}]]' });
    await world.call(agentSend, { agent: "failing", text: "[[sleep 30s]]" });
    agents.gone = gone;
    let answered = 0;
    const input = { mode: "parallel", text: "[[reply fine]]", participants: ["a", "gone", "asking", "failing"] };
    const running = world.call(
      teamCoordinate,
      { ...input, patience: "100ms", timeout: "3s" },
      {
        progress: ({ done = 0 }) => {
          answered = Math.max(answered, done);
        },
      },
    );
    await waitFor("two answers", () => answered === 2 || undefined);
    await world.call(agentDelete, { agent: "gone", force: true });

    const { coordination: result } = await running;

    expect(result.state).toBe("done");
    expect(result.participants.map(({ name, answer, reason }) => [name, answer?.text ?? reason])).toEqual([
      ["a", "fine"],
      ["gone", "fine"],
      ["asking", expect.stringMatching(/^it waits for a person: .*make/)],
      ["failing", expect.stringMatching(/^it did not answer in time: it has not taken its prompt yet/)],
    ]);
    const left = await world.context.store.messages.list(asking.id);
    expect(left.at(-1)).toMatchObject({ state: "failed", reason: "the coordination went on without it" });
    expect((await world.context.store.messages.list(failing.id)).at(-1)?.state).toBe("failed");
    await world.call(agentRespond, { agent: "asking", deny: true }).catch(() => undefined);
    for (const agent of ["asking", "failing"]) await world.call(agentDelete, { agent, force: true });
  });

  it("when nobody answers it has failed (exit 7), and there is nothing to make a synthesis of", async () => {
    const result = await coordinate("parallel", "[[error 500]]", { coordinator: "lead" });

    expect(result).toMatchObject({ state: "failed", synthesis: null });
    for (const { reason } of result.participants) expect(reason).toMatch(/^its turn failed: .*500/);
    expect(await prompts(result, "lead")).toEqual([]);
    expect(teamCoordinate.cli?.exitCode?.({ coordination: result }, {})).toBe(7);
  });
});

describe("sequential", () => {
  it("R2-28, R4-45: each sees the answers before it, quoted and with who said them", async () => {
    const result = await coordinate("sequential", "Count on", { participants: ["a", "b", "c"] });

    expect(result.state).toBe("done");
    expect(await prompts(result, "a")).toEqual(["Count on"]);
    const [[second = ""], [third = ""]] = [await prompts(result, "b"), await prompts(result, "c")];
    expect(second).toMatch(/^Count on\n/);
    expect(second).toContain("Answer of agent a:\n> echo: Count on");
    expect(second).not.toContain("Answer of agent b");
    expect(third).toContain("Answer of agent a:\n> echo: Count on");
    expect(third).toContain("Answer of agent b:\n> echo: Count on");
  });

  it("goes on without one that fails", async () => {
    const result = await coordinate("sequential", `[[if Others have | reply second]][[error 500]]`, {
      participants: ["a", "b"],
    });

    expect(said(result)).toEqual([null, null]);
    expect((await prompts(result, "b"))[0]).toBe("[[if Others have | reply second]][[error 500]]");
    expect(result.state).toBe("failed");
  });
});

describe("consensus", () => {
  it("R4-17: all see all proposals; the decision, each vote and the dissent with its reason are kept", async () => {
    const text = [
      "Which colour?",
      ...["a", "b", "c"].map((name) => proposes(name, `${name}'s colour`)),
      votes("a", "b", "calm"),
      votes("b", "b", "mine is best"),
      votes("c", "a", "b's is too dark"),
    ].join("");
    const result = await coordinate("consensus", text, { coordinator: "lead" });

    expect(result.state).toBe("done");
    expect(said(result)).toEqual(["a's colour", "b's colour", "c's colour"]);
    expect(result.participants.map(({ vote }) => vote)).toEqual([
      { choice: "b", agentId: agents.b?.id, reason: "calm", round: 1 },
      { choice: "b", agentId: agents.b?.id, reason: "mine is best", round: 1 },
      { choice: "a", agentId: agents.a?.id, reason: "b's is too dark", round: 1 },
    ]);
    expect(result.decision).toMatchObject({
      outcome: "agreed",
      proposal: { name: "b", text: "b's colour" },
      votes: 2,
      needed: 2,
      dissents: [{ name: "c", choice: "a", reason: "b's is too dark" }],
    });
    const [, ballot = ""] = await prompts(result, "c");
    for (const name of ["a", "b", "c"]) expect(ballot).toContain(`Proposal of agent ${name}:\n> ${name}'s colour`);
    const [synthesis = ""] = await prompts(result, "lead");
    expect(synthesis).toContain("c voted for a:\n> b's is too dark");
    expect(synthesis).toContain("Outcome of the vote: agreed");
  });

  it("a vote that cannot be read is asked for once more; then it does not count, and says so", async () => {
    const text = [
      ...["a", "b", "c"].map((name) => proposes(name, name)),
      votes("a", "b", "yes"),
      "[[if You are b, and vote | reply I like all of them]]",
      "[[if You are c, and vote | reply VOTE: nobody\nREASON: no]]",
      "[[reply VOTE: b\nREASON: corrected]]",
    ].join("");
    // What makes c's second vote unreadable stands in the very prompt that asks for it: it holds the problem.
    const result = await coordinate("consensus", text, { rounds: 1 });

    expect((await prompts(result, "b"))[2]).toMatch(
      /^You are b, and your vote could not be read: there is no line "VOTE/,
    );
    expect((await prompts(result, "c"))[2]).toContain('"nobody" names no proposal');
    expect(result.rounds?.[0]?.votes.map(({ name }) => name)).toEqual(["a"]);
    expect(result.participants.slice(1).map(({ vote, reason }) => [vote, reason])).toEqual([
      [null, expect.stringContaining("its vote could not be read")],
      [null, expect.stringContaining("its vote could not be read")],
    ]);
    expect(result.decision).toMatchObject({ outcome: "no quorum", proposal: null, needed: 2 });
  });

  it("abstentions are told; without enough votes there is no quorum, and a second round sees what was voted", async () => {
    const text = [
      ...["a", "b", "c"].map((name) => proposes(name, `plan ${name}`)),
      votes("a", "ABSTAIN", "I cannot judge it"),
      votes("b", "ABSTAIN", "nor I"),
      votes("c", "a", "good"),
    ].join("");
    const result = await coordinate("consensus", text, { rounds: 2, quorum: "majority" });

    expect(result.rounds).toHaveLength(2);
    expect(result.decision).toMatchObject({ outcome: "no quorum", because: "1 vote was cast, and a proposal needs 2" });
    expect(result.participants[0]?.vote).toEqual({
      choice: null,
      agentId: null,
      reason: "I cannot judge it",
      round: 2,
    });
    const [, , second = ""] = await prompts(result, "b");
    expect(second).toContain("a abstained:\n> I cannot judge it");
    expect(second).toContain("c voted for a:\n> good");
  });

  const tie = [
    proposes("a", "left"),
    proposes("b", "right"),
    votes("a", "a", "I know left"),
    votes("b", "b", "I know right"),
  ].join("");

  it("a tie: nobody decides, the first does, or the coordinator with a reason", async () => {
    const pair = { participants: ["a", "b"], rounds: 1, quorum: "1" };
    const none = await coordinate("consensus", tie, { ...pair, tie: "none" });
    expect(none.decision).toMatchObject({ outcome: "no majority", proposal: null });

    const first = await coordinate("consensus", tie, { ...pair, tie: "first" });
    expect(first.decision).toMatchObject({ outcome: "tie broken", proposal: { name: "a" }, dissents: [{ name: "b" }] });

    const text = `${tie}[[if You are lead, and decide | reply VOTE: b\nREASON: right is safer]][[if You coordinate | reply so be it]]`;
    const decided = await coordinate("consensus", text, { ...pair, coordinator: "lead" });
    expect(decided.decision).toMatchObject({
      outcome: "tie broken",
      proposal: { name: "b", text: "right" },
      because: "equally many votes, and lead decided: right is safer",
    });
    expect(decided.synthesis).toContain("so be it");
  });
});

describe("a coordination outlives its caller", () => {
  it("R4-46: no_wait returns the id at once; team show has the result later, whoever looks", async () => {
    const begun = await coordinate("sequential", "[[sleep 300ms]][[reply step]]", { noWait: true });
    expect(begun).toMatchObject({ id: expect.stringMatching(/^crd_/), state: "running" });

    const observer = world.as({ kind: "observer" });
    expect((await world.call(teamShow, { id: begun.id }, observer)).coordination.state).toBe("running");
    const { coordination } = await world.call(teamShow, { id: begun.id, wait: true, timeout: "20s" });

    expect(said(coordination)).toEqual(["step", "step", "step"]);
    const listed = await world.call(teamList, { session: "team" });
    expect(listed.coordinations.find(({ id }) => id === begun.id)?.state).toBe("done");
  });

  it("a long-lived process carries on what nobody works on, and what team show began to wait for", async () => {
    const stop = new AbortController();
    const moving = keepTeamsMoving({ ...world.context, signal: stop.signal });
    const begun = await coordinate("sequential", "[[reply on its own]]", { noWait: true });

    const done = await waitFor("its end", async () => {
      const found = await world.context.store.coordinations.get(begun.id);
      return found?.state === "running" ? undefined : found;
    });

    expect(done?.stages).toHaveLength(3);
    stop.abort();
    await moving;
  });

  it("two who carry it on at once ask nobody twice", async () => {
    const begun = await coordinate("sequential", "[[sleep 100ms]][[reply once]]", { noWait: true });
    const shows = Array.from({ length: 4 }, () => world.call(teamShow, { id: begun.id, wait: true, timeout: "20s" }));

    const results = await Promise.all(shows);

    for (const { coordination } of results) expect(said(coordination)).toEqual(["once", "once", "once"]);
    for (const name of ["a", "b", "c"]) expect(await prompts(begun, name)).toHaveLength(1);
  });

  it("team cancel asks nobody any more, takes back what was not typed, and keeps what was answered", async () => {
    await world.call(agentSend, { agent: "b", text: "[[sleep 2s]]" });
    const running = coordinate("sequential", "[[reply one]]");
    const id = await waitFor("the first answer", async () => {
      const [found] = await world.context.store.coordinations.list({ state: "running" });
      return found && found.stages.length === 1 ? found.id : undefined;
    });
    await waitFor(
      "the second prompt",
      async () => (await prompts({ id } as CoordinationView, "b")).length === 1 || undefined,
    );

    const { coordination } = await world.call(teamCancel, { id });

    expect(coordination.state).toBe("cancelled");
    const waited = await running;
    expect(waited.state).toBe("cancelled");
    expect(said(waited)).toEqual(["one", null, null]);
    expect(await prompts(waited, "c")).toEqual([]);
    expect((await world.context.store.messages.list(agents.b?.id ?? "")).at(-1)).toMatchObject({ state: "failed" });
    expect((await world.call(teamCancel, { id })).coordination.state).toBe("cancelled");
    const done = await coordinate("parallel", "[[reply done]]", { participants: ["a"] });
    expect(await codeOf(world.call(teamCancel, { id: done.id }))).toBe("COORDINATION_OVER");
  });

  it("a person's Ctrl-C ends it; of a program that stops waiting it goes on", async () => {
    const interrupted = async (principal: "operator" | "manager") => {
      const stop = new AbortController();
      const input = { mode: "sequential", text: "[[sleep 400ms]][[reply one]]", participants: ["a", "b"] };
      const running = world.call(teamCoordinate, input, { ...world.as({ kind: principal }), signal: stop.signal });
      const id = await waitFor("its beginning", async () => {
        const [found] = await world.context.store.coordinations.list({ state: "running" });
        return found && (await prompts({ id: found.id } as CoordinationView, "a")).length === 1 ? found.id : undefined;
      });
      stop.abort();
      expect(await codeOf(running)).toBe("CANCELLED");
      return id;
    };

    const byPerson = await interrupted("operator");
    expect((await world.context.store.coordinations.get(byPerson))?.state).toBe("cancelled");
    const byProgram = await interrupted("manager");
    const { coordination } = await world.call(teamShow, { id: byProgram, wait: true, timeout: "20s" });
    expect(said(coordination)).toEqual(["one", "one"]);
  });

  it("an agent whose terminal cannot be reached keeps nobody waiting", async () => {
    const { context } = world;
    const backend = await context.backend("fake");
    const stored = await context.store.agents.get(agents.b?.id ?? "");
    const assertAnswers = (terminals: readonly TerminalRef[]) => {
      if (terminals.some(({ tag }) => tag === stored?.terminal?.tag))
        throw new AppError("BACKEND_COMMAND_FAILED", "no terminal answers");
    };
    const broken = overriding(backend, {
      status: async (terminals, signal) => {
        assertAnswers(terminals);
        return backend.status(terminals, signal);
      },
      input: async (terminal, steps, signal) => {
        assertAnswers([terminal]);
        return backend.input(terminal, steps, signal);
      },
    });
    const input = { mode: "parallel", text: "[[reply here]]", participants: ["a", "b", "c"], patience: "300ms" };
    const { coordination } = await world.call(teamCoordinate, input, { backend: async () => broken });

    expect(said(coordination)).toEqual(["here", null, "here"]);
    expect(coordination.participants[1]?.reason).toContain("whether it was asked cannot be proved");
  });

  it("the inbox tells of it once: not of each answer, and not of what somebody has waited for", async () => {
    const items = async () => (await world.call(inbox, {})).items.filter(({ coordination }) => coordination);
    await world.call(inboxDone, { all: true });
    await coordinate("parallel", "[[reply seen]]");
    const mine = await coordinate("parallel", "[[reply fine]]", { noWait: true });
    const failing = await coordinate("parallel", "[[error 500]]", { noWait: true, participants: ["a"] });
    const observer = world.as({ kind: "observer" });
    // Nobody but the inbox itself carries them on.
    await waitFor("both ends", async () => (await items()).length === 2 || undefined);
    await world.call(teamShow, { id: mine.id }, observer);

    expect(await items()).toMatchObject([
      { id: failing.id, kind: "failed", agent: null, summary: "nobody answered" },
      { id: mine.id, kind: "finished", agent: null, summary: "answers of a, b, c" },
    ]);
    expect((await world.call(inbox, {})).items.filter(({ kind }) => kind === "undelivered")).toEqual([]);
    await world.call(teamShow, { id: mine.id });
    expect((await world.call(inboxDone, { messages: [failing.id] })).done).toEqual([failing.id]);
    expect(await items()).toEqual([]);
    const { items: left } = await world.call(inbox, {});
    const messages = await Promise.all(left.map(async ({ id }) => world.context.store.messages.get(id)));
    expect(messages.filter((message) => message?.idempotencyKey?.startsWith("team:"))).toEqual([]);
  });
});

describe("what is refused", () => {
  it("before anybody is asked", async () => {
    await world.call(sessionCreate, { name: "other" });
    const refused = (input: Record<string, unknown>, as = {}) =>
      codeOf(world.call(teamCoordinate, { mode: "consensus", text: "x", participants: ["a", "b"], ...input }, as));

    expect(await refused({ participants: ["a", "a"] })).toBe("INVALID_INPUT");
    expect(await refused({ participants: [" , "] })).toBe("INVALID_INPUT");
    expect(await refused({ participants: ["nobody"] })).toBe("AGENT_NOT_FOUND");
    expect(await refused({ quorum: "3" })).toBe("INVALID_INPUT");
    expect(await refused({ quorum: "most" })).toBe("INVALID_INPUT");
    expect(await refused({ tie: "coordinator" })).toBe("INVALID_INPUT");
    expect(await refused({ text: " " })).toBe("TEXT_EMPTY");
    const worker = world.as({ kind: "worker", agentId: agents.a?.id ?? "", sessionId: agents.a?.session.id ?? "" });
    expect(await refused({}, worker)).toBe("INVALID_INPUT");
    expect(await refused({}, world.as({ kind: "observer" }))).toBe("PERMISSION_DENIED");
    expect(await codeOf(world.call(teamShow, { id: "crd_none" }))).toBe("COORDINATION_NOT_FOUND");
    expect(await world.context.store.coordinations.list({ state: "running" })).toEqual([]);
  });

  it("a call that waits for one that waits for it: refused at once, and nothing is left to carry on", async () => {
    const asWorker = (name: string) => {
      const agent = agents[name];
      return world.as({ kind: "worker", agentId: agent?.id ?? "", sessionId: agent?.session.id ?? "" });
    };
    const first = world.call(agentSend, { agent: "b", text: "[[sleep 700ms]]", wait: true }, asWorker("a"));
    const isWaiting = async () => (await world.context.store.waits.targets(agents.a?.id ?? "", () => true)).length > 0;
    await waitFor("the wait", async () => (await isWaiting()) || undefined);

    const input = { mode: "parallel", text: "x", participants: ["c", "a"] };
    expect(await codeOf(world.call(teamCoordinate, input, asWorker("b")))).toBe("MESSAGE_LOOP");
    expect(await world.context.store.coordinations.list({ state: "running" })).toEqual([]);
    await first;
  });

  it("an agent coordinates others in its own name, in an envelope", async () => {
    const worker = world.as({ kind: "worker", agentId: agents.a?.id ?? "", sessionId: agents.a?.session.id ?? "" });
    const input = { mode: "parallel", text: "[[reply yes]]", participants: ["b", "c"], timeout: "20s" };
    const { coordination } = await world.call(teamCoordinate, input, worker);

    expect(said(coordination)).toEqual(["yes", "yes"]);
    const sent = await world.context.store.messages.get(coordination.participants[0]?.messageId ?? "");
    expect(sent?.sentText).toMatch(/^\[Message from agent a in session team\./);

    const slow = { ...input, text: "[[sleep 300ms]][[reply yes]]", mode: "sequential", noWait: true };
    const begun = await world.call(teamCoordinate, slow, worker);
    await world.call(teamShow, { id: begun.coordination.id, wait: true, timeout: "20s" });
    const second = (await world.context.store.messages.list(agents.c?.id ?? "")).at(-1);
    expect(second?.sender, "whoever carries it on").toBe(agents.a?.id);
  });
});
