import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentAdopt } from "../../src/operations/agent/adopt.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentDelete } from "../../src/operations/agent/delete.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { sessionDelete } from "../../src/operations/session/delete.ts";
import { sessionRestore } from "../../src/operations/session/restore.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

const CONVERSATION = "0b5d6f0a-0000-4000-8000-000000000001";

let world: FakeWorld;
let pid: number;

beforeEach(async () => {
  world = await openFakeWorld();
  pid = process.pid;
  await runs();
});
afterEach(() => world.dispose());

/** A Claude Code that a person started, as its session file tells: this test's own process stands for it. */
async function runs(change: Record<string, unknown> = {}): Promise<void> {
  const { startedAt: procStart } = world.context.processes.self();
  const started = { pid, sessionId: CONVERSATION, procStart, startedAt: 1000, version: "2.1.330", kind: "interactive" };
  const json = { ...started, cwd: world.root, name: "my helper", status: "idle", statusUpdatedAt: 1000, ...change };
  await mkdir(sessions(), { recursive: true });
  await writeFile(join(sessions(), `${pid}.json`), JSON.stringify(json));
}
const sessions = () => join(world.context.home, "fake", "claude", "sessions");
const adopt = (input: Record<string, unknown> = {}) => world.call(agentAdopt, { process: String(pid), ...input });
const listed = async () => (await world.call(agentAdopt, {})).candidates;

describe("agent adopt", () => {
  it("R1-05: lists what runs without our agents, takes it over by pid or conversation, and sees its states and its end", async () => {
    await world.spawn("ours");
    expect(await listed()).toMatchObject([
      { pid, conversationId: CONVERSATION, name: "my helper", adoptable: true, session: { name: "team" } },
    ]);

    const { agent, loss } = await adopt({ process: CONVERSATION });

    expect(agent).toMatchObject({ name: "Agent_2", adopted: true, state: "idle", pid, terminal: null });
    expect(loss).toContainEqual(expect.stringContaining("cannot be prompted"));
    expect((await world.call(agentShow, { agent: "Agent_2" })).loss).toEqual(loss);
    expect(await listed()).toEqual([]);
    expect(await codeOf(adopt())).toBe("AGENT_ALREADY_MANAGED");
    expect(await codeOf(world.call(agentSend, { agent: "Agent_2", text: "hello" }))).toBe("TERMINAL_GONE");
    expect((await world.context.store.messages.list(agent?.id ?? "")).length).toBe(0);

    await runs({ status: "busy" });
    expect((await world.call(agentShow, { agent: "Agent_2" })).agent.state).toBe("working");
    await runs({ status: "waiting", waitingFor: "permission prompt", sessionId: "another-after-clear" });
    expect((await world.call(agentShow, { agent: "Agent_2" })).agent).toMatchObject({
      state: "waiting",
      waitingFor: { kind: "permission" },
    });
    expect(await listed()).toEqual([]);
    expect((await world.call(sessionRestore, {})).agents).toMatchObject([{ outcome: "alive" }, { outcome: "alive" }]);
    await rm(join(sessions(), `${pid}.json`));
    expect((await world.call(agentShow, { agent: "Agent_2" })).agent.state).toBe("exited");
  });

  it("takes its own name where that can be one and is free, else a number; a name that was asked for must be free", async () => {
    await runs({ name: "helper" });
    expect((await adopt()).agent?.name).toBe("helper");
    await world.call(agentDelete, { agent: "helper" });
    await world.spawn("helper");
    expect((await adopt()).agent?.name).toBe("Agent_3");
    await world.call(agentDelete, { agent: "Agent_3" });
    expect(await codeOf(adopt({ name: "helper" }))).toBe("AGENT_NAME_TAKEN");
    expect(await codeOf(adopt({ name: "no name" }))).toBe("INVALID_NAME");
    expect((await adopt({ name: "mine" })).agent?.name).toBe("mine");
  });

  it("of two who adopt it at once one gets it, and the other leaves nothing behind", async () => {
    const outcomes = await Promise.allSettled([adopt({ name: "one" }), adopt({ name: "two" })]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await world.context.store.agents.list()).toHaveLength(1);
  });

  it("says who is meant by a pid that is nearly right, and what keeps one from being adopted", async () => {
    const unknown = world.call(agentAdopt, { process: `${pid}1` });
    await expect(unknown).rejects.toMatchObject({ code: "PROCESS_NOT_FOUND", details: { near: [pid] } });

    await runs({ cwd: "/" });
    expect(await listed()).toMatchObject([{ adoptable: false, problem: expect.stringContaining("--session") }]);
    expect(await codeOf(adopt())).toBe("SESSION_NOT_FOUND");
    expect((await adopt({ session: "team", name: "far" })).agent).toMatchObject({
      cwd: "/",
      session: { name: "team" },
    });
    await world.call(agentDelete, { agent: "far" });

    const { id } = await world.spawn("gone");
    await world.call(agentClear, { agent: "gone" });
    await world.context.store.agents.update(id, { conversationId: CONVERSATION });
    await runs();
    expect(await listed()).toMatchObject([{ adoptable: false, problem: expect.stringContaining("agent gone") }]);
    expect(await codeOf(adopt())).toBe("AGENT_ALREADY_MANAGED");
  });

  it("obeys the session's limit; deleting the session lets go of it", async () => {
    const root = join(world.root, "deeper");
    await mkdir(root);
    await world.call(sessionCreate, { name: "small", root, maxAgents: 1 });
    await runs({ cwd: root });
    const { agent } = await adopt();
    expect(agent?.session.name).toBe("small");
    expect(await codeOf(adopt({ session: "team" }))).toBe("AGENT_ALREADY_MANAGED");

    await runs({ cwd: root, status: "busy" });
    await world.call(sessionDelete, { session: "small" });
    expect(world.context.processes.isAlive({ pid, startedAt: "" })).toBe(true);
    await world.call(sessionCreate, { name: "full", root, maxAgents: 1 });
    await world.context.store.sessions.update((await world.context.store.sessions.findByName("full"))?.id ?? "", {
      maxAgents: 0,
    });
    expect(await codeOf(adopt())).toBe("AGENT_LIMIT_REACHED");
  });
});
