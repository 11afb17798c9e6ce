import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../../src/core/agent.ts";
import type { MessageView } from "../../../src/core/message.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

interface Read {
  entries: { kind: string; text?: string }[];
  answer: { text: string } | null;
  cursor: string;
}

let world: FakeWorld;
let inner: string;

beforeAll(async () => {
  world = await openFakeWorld();
  inner = path.join(world.project, "packages", "inner");
  await mkdir(path.join(inner, "src"), { recursive: true });
  await symlink(world.project, path.join(world.root, "linked"));
  await world.cli(["session", "create", "--name", "shop"]);
  const nested = await world.cli(["session", "create", "../linked/packages/inner", "--name", "inner", "--json"]);
  expect(nested.json()).toMatchObject({ session: { root: inner } });
  const first = await world.cli(["agent", "spawn", "api", "--json"]);
  expect(first.exitCode, first.stdout).toBe(0);
  const spawned = await world.cli(["agent", "spawn", "api", "--session", "inner", "--role", "tester", "--json"]);
  expect(spawned.exitCode, spawned.stdout).toBe(0);
}, 30_000);
afterAll(() => world?.dispose());

async function sessionOf(ref: string, cwd?: string): Promise<string> {
  const shown = await world.cli(["agent", "show", ref, "--json"], cwd === undefined ? {} : { cwd });
  return shown.json<{ agent: AgentView }>().agent.session.name;
}

describe("who is meant", () => {
  it("R1-06: the deepest session that holds the current directory, through symbolic links too", async () => {
    expect(await sessionOf("api")).toBe("shop");
    expect(await sessionOf("api", path.join(world.project, "packages"))).toBe("shop");
    expect(await sessionOf("api", path.join(inner, "src"))).toBe("inner");
    expect(await sessionOf("api", path.join(world.root, "linked"))).toBe("shop");
    expect(await sessionOf("api", path.join(world.root, "linked", "packages", "inner"))).toBe("inner");
  });

  it("session/name and ids mean the same everywhere; a bare name that two have is AGENT_AMBIGUOUS elsewhere", async () => {
    expect(await sessionOf("inner/api")).toBe("inner");
    const { agent } = (await world.cli(["agent", "show", "inner/api", "--json"])).json<{ agent: AgentView }>();
    expect(await sessionOf(agent.id, world.root)).toBe("inner");
    expect(await sessionOf(`${agent.session.id}/api`, world.root)).toBe("inner");

    const ambiguous = await world.cli(["agent", "show", "api", "--json"], { cwd: world.root });

    expect(ambiguous.exitCode).toBe(4);
    expect(ambiguous.json()).toMatchObject({
      error: { code: "AGENT_AMBIGUOUS", hint: expect.stringContaining("session/name") },
    });
  });
});

it("R1-02: what two processes started in two sessions stands in one list, and so does what asks for a person", async () => {
  const names = ["shop/api", "inner/api"];
  const asking = '[[permission Bash {"command":"rm -rf build"}]]';
  for (const name of names) await world.cli(["agent", "send", name, asking]);
  const fullName = ({ session, name }: AgentView) => `${session.name}/${name}`;
  const waiting = async () => {
    const { agents } = (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>();
    return agents.every(({ state }) => state === "waiting") ? agents : undefined;
  };

  const agents = await waitFor("both to wait", waiting);
  const elsewhere = { cwd: world.root };
  const status = (await world.cli(["status", "--json"], elsewhere)).json<{
    sessions: { name: string }[];
    agents: AgentView[];
    attention: { agent: string }[];
  }>();
  const inbox = (await world.cli(["inbox", "--json"], elsewhere)).json<{ items: { agent: { name: string } }[] }>();

  expect(agents.map(fullName).sort()).toEqual(names.toSorted());
  expect(status.agents.map(fullName).sort()).toEqual(names.toSorted());
  expect(status.attention.map(({ agent }) => agent).sort()).toEqual(names.toSorted());
  expect(inbox.items).toHaveLength(2);
  for (const name of names) await world.cli(["agent", "respond", name, "--deny"]);
  expect((await world.cli(["agent", "wait", ...names])).exitCode).toBe(0);
}, 30_000);

describe("texts", () => {
  it("come from the argument, behind --, from standard input and from a file", async () => {
    await writeFile(path.join(world.root, "brief.md"), "from a file\n");
    const texts = [];
    for (const [args, input] of [
      [["api", "from an argument"]],
      [["api", "--", "--from behind two dashes"]],
      [["api", "-"], "from standard\ninput"],
      [["api", "--file", "../brief.md"]],
    ] as const) {
      const sent = await world.cli(["agent", "send", "--wait", "--json", ...args], { input: input ?? "" });
      texts.push(sent.json<{ message: MessageView }>().message.answer?.text);
    }
    expect(texts).toEqual([
      "echo: from an argument",
      "echo: --from behind two dashes",
      "echo: from standard\ninput",
      "echo: from a file",
    ]);
  });

  it("R4-06, R4-44: agent show names the permission mode and counts the tokens, in text as in JSON", async () => {
    await world.cli(["agent", "send", "api", "count me", "--wait"]);
    const [listed] = (await world.cli(["agent", "list", "--session", "shop", "--json"])).json<{ agents: AgentView[] }>()
      .agents;
    const shown = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
    expect({ ...shown, because: "" }).toEqual({ ...listed, because: "" });
    const { usage } = (await world.cli(["agent", "show", "api", "--json"])).json<{ usage: { inputTokens: number } }>();
    expect(usage.inputTokens).toBeGreaterThan(0);
    const { stdout } = await world.cli(["agent", "show", "api"]);
    expect(stdout).toContain("permission mode default");
    expect(stdout).toContain(`tokens: ${usage.inputTokens.toLocaleString("en")} in, `);
  });

  it("an answer alone stands on stdout, so that one agent's answer can be piped to the next", async () => {
    const sent = await world.cli(["agent", "send", "api", "[[reply just this]]", "--wait"]);
    expect([sent.stdout, sent.stderr]).toEqual(["just this\n", ""]);
  });
});

describe("agent read", () => {
  const read = async (...args: string[]) =>
    (await world.cli(["agent", "read", "shop/api", ...args, "--json"])).json<Read>();
  const prompts = ({ entries }: Read) => entries.filter(({ kind }) => kind === "prompt").map(({ text }) => text);

  it("R2-21: the newest turn, --last, --all, --message, --include, and what came --since a cursor", async () => {
    const first = (await world.cli(["agent", "send", "shop/api", "turn one", "--wait", "--json"])).json<{
      message: MessageView;
    }>().message;
    await world.cli([
      "agent",
      "send",
      "shop/api",
      `[[tool Read {"file_path":"x"}]][[think hard]][[reply two]]`,
      "--wait",
    ]);
    const newest = await read();
    expect([newest.entries.map(({ kind }) => kind), newest.answer?.text]).toEqual([["prompt", "text"], "two"]);
    const detailed = await read("--include", "tools,thinking");
    expect(detailed.entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["prompt", "tool_use", "tool_result", "thinking", "text"]),
    );
    expect(prompts(await read("--last", "2"))[0]).toBe("turn one");
    expect(prompts(await read("--all")).length).toBeGreaterThan(2);
    const one = await read("--message", first.id);
    expect([prompts(one), one.answer?.text]).toEqual([["turn one"], "echo: turn one"]);

    expect((await read("--since", newest.cursor)).entries).toEqual([]);
    await world.cli(["agent", "send", "shop/api", "turn three", "--wait"]);
    expect(prompts(await read("--since", newest.cursor))).toEqual(["turn three"]);
  });

  it("with --wait, an answer that is an error is printed with exit 7, as it is for send", async () => {
    const sent = await world.cli(["agent", "send", "shop/api", "[[sleep 500ms]][[error 400]]", "--json"]);
    const { id } = sent.json<{ message: MessageView }>().message;

    for (const args of [[], ["--message", id]]) {
      const waited = await world.cli(["agent", "read", "shop/api", "--wait", "--json", ...args]);
      expect([waited.exitCode, waited.json()]).toMatchObject([7, { answer: { isError: true } }]);
    }

    const looked = await world.cli(["agent", "read", "shop/api", "--json"]);
    expect([looked.exitCode, looked.json()]).toMatchObject([0, { answer: { isError: true } }]);
    await world.cli(["agent", "send", "shop/api", "better", "--wait"]);
    expect((await world.cli(["agent", "read", "shop/api", "--wait"])).exitCode).toBe(0);
    expect((await world.cli(["agent", "read", "shop/api", "--wait", "--message", id])).exitCode).toBe(7);
  });

  it("R1-32: a cursor reads only the agent's own conversations", async () => {
    const { cursor } = await read();
    const foreign = await world.cli(["agent", "read", "inner/api", "--since", cursor, "--json"]);
    expect([foreign.exitCode, foreign.json()]).toMatchObject([2, { error: { code: "INVALID_INPUT" } }]);
  });
});

it("agent wait: --any returns with the first, all with the last, and the time over is exit 6 with timedOut", async () => {
  await world.cli(["agent", "spawn", "slow"]);
  await world.cli(["agent", "send", "slow", "[[sleep 3s]]"]);
  const refs = ["shop/api", "slow"];

  const any = await world.cli(["agent", "wait", ...refs, "--any", "--json"]);
  const late = await world.cli(["agent", "wait", ...refs, "--timeout", "100ms", "--json"]);
  const all = await world.cli(["agent", "wait", ...refs, "--all", "--json"]);

  expect([any.exitCode, any.json()]).toMatchObject([
    0,
    { timedOut: false, agents: [{ state: "idle" }, { state: "working" }] },
  ]);
  expect([late.exitCode, late.json()]).toMatchObject([6, { timedOut: true, agents: [{}, { state: "working" }] }]);
  expect([all.exitCode, all.json()]).toMatchObject([
    0,
    { timedOut: false, agents: [{ state: "idle" }, { state: "idle" }] },
  ]);
});

it("broadcast to some that are gone delivers to the others, names the failed ones and exits 9", async () => {
  await world.cli(["agent", "spawn", "gone"]);
  await world.cli(["agent", "clear", "gone"]);

  const sent = await world.cli(["broadcast", "report", "--json"]);

  const { messages, failed } = sent.json<{
    messages: MessageView[];
    failed: { agent: { name: string }; code: string }[];
  }>();
  expect(sent.exitCode).toBe(9);
  expect(messages.map(({ agent }) => agent.name).sort()).toEqual(["api", "slow"]);
  expect(failed).toMatchObject([{ agent: { name: "gone" }, code: "AGENT_NOT_RUNNING" }]);
  const text = await world.cli(["broadcast", "report"]);
  expect(text.stderr).toMatch(/^failed gone: .*\(AGENT_NOT_RUNNING\)\n$/);
  await world.cli(["agent", "delete", "gone", "--yes"]);
});

it("settings: flag wins over environment over project over user over default, and config get says where from", async () => {
  const get = async (env: Record<string, string> = {}, cwd = world.project) =>
    (await world.cli(["config", "get", "maxAgents", "--json"], { env, cwd })).json<{
      setting: { value: number; origin: string };
    }>().setting;
  expect(await get()).toMatchObject({ value: 16, origin: "default" });

  await world.cli(["config", "set", "maxAgents", "5"]);
  expect(await get()).toMatchObject({ value: 5, origin: "user" });
  const configured = path.join(world.root, "configured", "below");
  await mkdir(path.join(world.root, "configured", ".claude-orch"), { recursive: true });
  await mkdir(configured);
  await writeFile(path.join(world.root, "configured", ".claude-orch", "config.json"), '{"maxAgents":4}');
  expect(await get({}, configured)).toMatchObject({ value: 4, origin: "project" });
  const env = { CLAUDE_ORCH_MAX_AGENTS: "3" };
  expect(await get(env, configured)).toMatchObject({ value: 3, origin: "environment" });
  const created = await world.cli(["session", "create", "--max-agents", "2", "--json"], { env, cwd: configured });
  expect(created.json()).toMatchObject({ session: { maxAgents: 2 } });

  const list = await world.cli(["config", "list"], { cwd: configured });
  expect(list.stdout).toMatch(/^maxAgents +4 +project /m);
  const paths = await world.cli(["config", "path", "--json"], { cwd: configured });
  expect(paths.json()).toMatchObject({
    home: world.home,
    user: path.join(world.home, "config.json"),
    project: path.join(world.root, "configured", ".claude-orch", "config.json"),
  });
  await world.cli(["config", "set", "maxAgents", "--unset"]);
  expect(await get()).toMatchObject({ value: 16, origin: "default" });
});

it("R2-06, R2-27, R2-28: three workers in three folders at once, all waited for and read; then each gets what came before", async () => {
  const workers = ["backend", "frontend", "tests"];
  for (const name of workers) await mkdir(path.join(world.project, name));
  const spawned = await Promise.all(
    workers.map((name) => world.cli(["agent", "spawn", name, "--cwd", name, "--json"])),
  );
  expect(spawned.map((result) => result.json<{ agent: AgentView }>().agent.cwd)).toEqual(
    workers.map((name) => path.join(world.project, name)),
  );
  const startedAt = performance.now();
  await Promise.all(workers.map((name) => world.cli(["agent", "send", name, `[[sleep 2s]][[reply ${name} is done]]`])));
  const waited = await world.cli(["agent", "wait", ...workers, "--all", "--timeout", "20s"]);
  const tookMs = performance.now() - startedAt;
  const answers = await Promise.all(workers.map((name) => world.cli(["agent", "read", name])));

  expect(waited.exitCode, waited.stderr).toBe(0);
  expect(tookMs).toBeGreaterThanOrEqual(2_000);
  // One after the other they would take longer.
  expect(tookMs).toBeLessThan(6_000);
  for (const [index, { stdout }] of answers.entries()) expect(stdout).toContain(`${workers[index]} is done\n`);

  let said = "GET /orders";
  for (const name of workers) {
    const sent = await world.cli(["agent", "send", name, "-", "--wait"], { input: `${name} after: ${said}` });
    expect(sent.stdout).toContain(said);
    said = sent.stdout.trim();
  }
  expect(said).toBe("echo: tests after: echo: frontend after: echo: backend after: GET /orders");
}, 40_000);
