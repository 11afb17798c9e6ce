import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { promptOf } from "../../src/operations/agent/delivery/protocol.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { protocolList } from "../../src/operations/protocol/list.ts";
import { protocolShow } from "../../src/operations/protocol/show.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const projectProtocol = (name: string, text: string) =>
  write(join(world.root, ".claude-orch/protocols", `${name}.md`), text);

async function spawn(input: Record<string, unknown>) {
  const { agent } = await world.call(agentSpawn, input);
  if (!agent) throw new Error("spawn returned no agent");
  return agent;
}

async function send(agent: string, text: string, more: Record<string, unknown> = {}) {
  return (await world.call(agentSend, { agent, text, wait: true, ...more })).message;
}

const systemPrompt = (agentId: string) => readFile(join(world.context.home, "agents", agentId, "prompt.md"), "utf8");

describe("the built-in protocol", () => {
  it("R1-23…27, R1-28: adder, by its alias too, holds each of the named paragraphs, and so does an agent's system prompt", async () => {
    const { protocols, problems } = await world.call(protocolList, {});
    expect(problems).toEqual([]);
    expect(protocols).toMatchObject([
      { name: "adder", aliases: ["adder+"], prepend: "always", taskFiles: true, onFailure: "fix" },
    ]);

    const { protocol } = await world.call(protocolShow, { protocol: "ADDER+" });
    for (const heading of [
      "Design by Contract",
      "Defensive programming",
      "Type-driven development",
      "Property-based testing",
      "Functional programming patterns",
      "Systematic error resolution",
    ])
      expect(protocol.text).toContain(`\n## ${heading}\n`);
    expect(protocol.text).toMatch(/Root Cause Analysis[\s\S]*Cause\.[\s\S]*Fix\.[\s\S]*Prevention\.[\s\S]*task_submit/);
    expect(protocol.message).toMatch(/^\[ADDER\+\] \S.*\S$/);
    // Short enough for a paste: no agent waits for an editor because of it.
    expect(protocol.message.length).toBeLessThan(350);

    const agent = await spawn({ protocol: "Adder" });
    expect(agent).toMatchObject({ name: "Agent_1", protocol: "adder" });
    const prompt = await systemPrompt(agent.id);
    expect(prompt).toContain(protocol.text);
    expect(prompt).toContain("You are Agent_1,");
  });
});

describe("a session's protocol", () => {
  it("R1-16, R1-20: stands before each prompt, in the conversation and in sentText, but for bare ones", async () => {
    const { protocol } = await world.call(protocolShow, { protocol: "adder" });
    await world.call(sessionCreate, { name: "shop", root: world.root, protocol: "adder+" });
    const api = await spawn({ session: "shop" });

    const sent = await send(api.id, "[[reply yes]] now");
    expect(sent).toMatchObject({ state: "answered", text: "[[reply yes]] now", answer: { text: "yes" } });
    expect(sent.sentText).toBe(`${protocol.message}\n\n[[reply yes]] now`);
    expect((await send(api.id, "again")).answer?.text).toBe(`echo: ${protocol.message}\n\nagain`);

    for (const more of [{ noProtocol: true }, { exact: true }]) {
      const bare = await send(api.id, "as it is", more);
      expect(bare).toMatchObject({ answer: { text: "echo: as it is" } });
      expect(bare.sentText).toBeUndefined();
    }
    // What begins with a slash would not mean the same behind a sentence.
    expect((await send(api.id, "/etc/hosts is what?")).answer?.text).toBe("echo: /etc/hosts is what?");
    expect(await codeOf(send(api.id, "/clear"))).toBe("TEXT_NOT_DELIVERABLE");
  });

  it("one message for one idempotency key, with the protocol once", async () => {
    const api = await spawn({ protocol: "adder" });
    const first = await send(api.id, "deploy", { idempotencyKey: "k" });
    const second = await send(api.id, "deploy", { idempotencyKey: "k" });
    expect(second.id).toBe(first.id);
    expect(second.sentText?.match(/\[ADDER\+\]/g)).toHaveLength(1);
    expect(await codeOf(send(api.id, "other", { idempotencyKey: "k" }))).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  it("stands outside of the envelope around another agent's words", async () => {
    const [from, to] = [await spawn({ name: "from" }), await spawn({ name: "to", protocol: "adder" })];
    const worker = world.as({ kind: "worker", agentId: from.id, sessionId: from.session.id });
    const { message } = await world.call(agentSend, { agent: to.id, text: "look", wait: true }, worker);
    expect(message.sentText).toMatch(/^\[ADDER\+\] [^\n]*\n\n\[Message from agent from in session team\.[^\n]*\nlook$/);
  });

  it("A2: comes from flag, session, setting; `none` is none", async () => {
    const { session } = await world.call(
      sessionCreate,
      { name: "set", root: world.root },
      { settings: { ...world.context.settings, protocol: "adder" } },
    );
    expect(session.protocol).toBe("adder");
    expect(await spawn({ session: "set" })).toMatchObject({ protocol: "adder" });
    const without = await spawn({ session: "set", protocol: "none" });
    expect(without.protocol).toBeNull();
    expect((await send(without.id, "hi")).answer?.text).toBe("echo: hi");
    expect(await systemPrompt(without.id)).not.toContain("You work by the protocol");
    expect(await codeOf(world.call(sessionCreate, { name: "x", root: world.root, protocol: "addr" }))).toBe(
      "PROTOCOL_NOT_FOUND",
    );
  });
});

describe("a prompt that is typed again, for it is proved that it did not arrive", () => {
  it("does not get the protocol a second time", async () => {
    const api = await spawn({ protocol: "adder" });
    const { id } = await send(api.id, "hi");
    const { messages, agents } = world.context.store;
    const [message, agent] = [await messages.get(id), await agents.get(api.id)];
    if (!message || !agent) throw new Error("they are in the store");
    expect(message.protocol).toBe("sent");

    const again = await promptOf(world.context, agent, { ...message, state: "queued" }, agent.conversationId ?? "");
    expect(again).toEqual({ text: message.sentText, protocol: "sent" });
  });
});

describe("protocols of one's own", () => {
  it("`first` stands before the first prompt of each conversation, whatever was sent bare before it", async () => {
    await projectProtocol(
      "brief",
      "---\nprepend: first\n---\n# Brief\n\n## Message\n\nBe brief.\n\n## More\n\nNot this.\n",
    );
    const api = await spawn({ name: "api", protocol: "brief" });
    const answer = async (text: string, more = {}) => (await send(api.id, text, more)).answer?.text;

    expect(await answer("zero", { noProtocol: true })).toBe("echo: zero");
    expect(await answer("one")).toBe("echo: Be brief.\n\none");
    expect(await answer("two")).toBe("echo: two");
    await world.call(agentClear, { agent: api.id });
    await world.call(agentStart, { agent: api.id });
    const queued = await Promise.all(["three", "four", "five"].map((text) => answer(text)));
    expect(queued.filter((text) => text?.startsWith("echo: Be brief.\n\n"))).toHaveLength(1);
  });

  it("`never`, and a text without a section Message, only tell the system prompt", async () => {
    await projectProtocol("quiet", "---\nprepend: never\n---\nBe quiet.\n\n## Message\n\nHush.\n");
    await projectProtocol("plain", "Just be plain.\n");
    for (const name of ["quiet", "plain"]) {
      const agent = await spawn({ protocol: name });
      expect(await systemPrompt(agent.id)).toContain(`You work by the protocol ${name}.`);
      expect((await send(agent.id, "hi")).answer?.text).toBe("echo: hi");
    }
  });

  it("a project's goes before the user's, and that before the built-in one; a file that cannot be used is named", async () => {
    const shown = async () => (await world.call(protocolShow, { protocol: "adder" })).protocol;
    await write(join(world.context.home, "protocols/mine.md"), "---\nname: ADDER\n---\nMine.\n");
    expect(await shown()).toMatchObject({ origin: "user", text: "Mine.", prepend: "never" });
    await projectProtocol("ours", "---\nname: adder\nmessage: Do it our way.\n---\nOurs.\n");
    expect(await shown()).toMatchObject({ origin: "project", message: "Do it our way.", prepend: "always" });

    await projectProtocol("ours", "---\nname: adder\n\nprepend: often\n---\nOurs.\n");
    const { problems } = await world.call(protocolList, {});
    expect(problems).toMatchObject([{ line: 4, message: expect.stringContaining("always, first, never") }]);
    expect(await codeOf(shown())).toBe("PROTOCOL_FILE_INVALID");
    expect(await codeOf(spawn({ protocol: "adder" }))).toBe("PROTOCOL_FILE_INVALID");
  });

  it("a protocol that is gone when its prompt is sent keeps the prompt from being sent without it", async () => {
    await projectProtocol("brief", "## Message\n\nBe brief.\n");
    const api = await spawn({ protocol: "brief" });
    await projectProtocol("brief", "---\nname: other\n---\nOther.\n");
    expect(await codeOf(send(api.id, "hi"))).toBe("PROTOCOL_NOT_FOUND");
    expect((await send(api.id, "hi", { noProtocol: true })).answer?.text).toBe("echo: hi");
  });
});
