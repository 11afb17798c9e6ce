import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { RequestView } from "../../src/core/request.ts";
import type { Entry } from "../../src/core/transcript.ts";
import { openRequests } from "../../src/operations/agent/respond/open-requests.ts";
import { agentRespond } from "../../src/operations/agent/respond.ts";
import type { InboxItem } from "../../src/operations/attention/inbox-item.ts";
import { callOperation } from "../../src/operations/call.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { codeOf } from "../support/code-of.ts";
import { waitFor } from "../support/wait-for.ts";
import { collect, openWorld, type World } from "./support/world.ts";

type Responded = { agent: AgentView; request: RequestView & { outcome: string; decision: string } };

const tool = (name: string, input: unknown) => `[[tool ${name} ${JSON.stringify(input)}]]`;
const bash = (command: string) => tool("Bash", { command, description: "A step" });
const COLOUR = {
  question: "Which colour?",
  header: "Colour",
  multiSelect: false,
  options: ["Red", "Blue"].map((label) => ({ label, description: `All ${label}` })),
};
const PARTS = { ...COLOUR, question: "Which parts?", header: "Parts", multiSelect: true };

describe.each(claudeVersions())("answering requests on Claude Code $version", (claude) => {
  let world: World;
  const made = (name: string) => existsSync(path.join(world.sandbox.project, name));

  beforeAll(async () => {
    world = await openWorld(claude);
    await world.cli(["session", "create", "--name", "shop", "--trust", "--json"]);
    await Promise.all(["api", "race"].map((name) => spawn([name])));
  }, 90_000);
  afterAll(() => world?.dispose(), 30_000);

  async function spawn(args: readonly string[], cwd?: string): Promise<AgentView> {
    const spawned = await world.cli(["agent", "spawn", ...args, "--json"], cwd === undefined ? {} : { cwd });
    expect(spawned.exitCode, spawned.stdout).toBe(0);
    return spawned.json<{ agent: AgentView }>().agent;
  }

  /** What stands in the inbox for this agent, as soon as it is there. */
  const inboxItem = (agent: string) =>
    waitFor(
      `a request of ${agent}`,
      async () => {
        const listed = await world.cli(["inbox", "--json"]);
        expect(listed.exitCode, listed.stdout).toBe(0);
        const { items } = listed.json<{ items: InboxItem[] }>();
        return items.find((item) => item.agent.name === agent && item.request !== undefined);
      },
      { describe: async () => (await world.cli(["agent", "show", agent, "--json"])).stdout },
    );

  /** Lets an agent ask something; the process that sent the prompt is gone when it is answered. */
  async function ask(
    agent: string,
    prompt: string,
  ): Promise<{ item: InboxItem; request: RequestView; message: string }> {
    const sent = await world.cli(["agent", "send", agent, prompt, "--json"]);
    expect(sent.exitCode, sent.stdout).toBe(0);
    const item = await inboxItem(agent);
    if (!item.request) throw new Error("the item has a request");
    return { item, request: item.request, message: sent.json<{ message: MessageView }>().message.id };
  }

  async function respond(agent: string, ...flags: string[]): Promise<Responded> {
    const responded = await world.cli(["agent", "respond", agent, ...flags, "--json"]);
    expect(responded.exitCode, responded.stdout).toBe(0);
    return responded.json<Responded>();
  }

  /** What the turn of a message came to: its answer, and all that its tools said. */
  async function turnOf(agent: string, message: string): Promise<{ text: string; results: string }> {
    const read = await world.cli([
      "agent",
      "read",
      agent,
      "--message",
      message,
      "--include",
      "tools",
      "--wait",
      "--json",
    ]);
    const { answer, entries } = read.json<{ answer: { text: string }; entries: Entry[] }>();
    const results = entries.filter(({ kind }) => kind === "tool_result").map(({ text }) => text ?? "");
    return { text: answer.text, results: results.join("\n") };
  }

  it("R3-11, R3-30, R3-36, B3: a permission is shown in full, allowed or denied with a reason, and the turn goes on", async () => {
    const first = await ask("api", `${bash("touch allowed")}[[reply made]]`);
    expect(first.request).toMatchObject({ kind: "permission", tool: "Bash", input: { command: "touch allowed" } });
    const command = first.item.respond[0]?.split(" ").slice(1) ?? [];
    const allowed = await world.cli([...command, "--json"]);
    expect(allowed.json<Responded>().request).toMatchObject({ outcome: "allowed", decidedBy: "operator" });
    expect(await turnOf("api", first.message)).toMatchObject({ text: "made" });
    expect(made("allowed")).toBe(true);

    const second = await ask("api", `${bash("touch denied")}[[reply went on]]`);
    const { request } = await respond("api", "--deny", "--text", "never touch this");
    expect(request).toMatchObject({ outcome: "denied", requestId: second.request.requestId });
    const turn = await turnOf("api", second.message);
    expect(turn.text).toBe("went on");
    expect(turn.results).toContain("never touch this");
    expect(made("denied")).toBe(false);

    const nothing = await world.cli(["agent", "respond", "api", "--allow", "--json"]);
    expect([nothing.exitCode, nothing.json<{ error: { code: string } }>().error.code]).toEqual([4, "NOTHING_ASKED"]);
    const again = await world.cli([
      "agent",
      "respond",
      "api",
      "--allow",
      "--request",
      second.request.requestId,
      "--json",
    ]);
    expect(again.json<{ error: { code: string } }>().error.code).toBe("REQUEST_CLOSED");
  }, 60_000);

  it("what is allowed and remembered is not asked again", async () => {
    // For what touches folders, Claude Code remembers the folder, not the command.
    const prompt = `${bash("npm root")}[[reply made]]`;
    const { request, message } = await ask("api", prompt);
    expect(request.canRemember).toBe(true);
    await respond("api", "--allow", "--remember");
    expect((await turnOf("api", message)).text).toBe("made");
    const next = await world.cli(["agent", "send", "api", prompt, "--wait", "--timeout", "20s", "--json"]);
    expect(next.exitCode, next.stdout).toBe(0);
    expect(next.json<{ message: MessageView }>().message.answer?.text).toBe("made");
  }, 60_000);

  it("questions are answered by choice, several at once, in own words, or declined", async () => {
    const single = await ask("api", `${tool("AskUserQuestion", { questions: [COLOUR] })}[[reply chosen]]`);
    expect(single.request).toMatchObject({ kind: "question", questions: [{ options: [{ label: "Red" }, {}] }] });
    expect((await respond("api", "--choice", "2")).request).toMatchObject({ outcome: "answered", decision: "Blue" });
    expect((await turnOf("api", single.message)).results).toContain("Blue");

    const both = await ask("api", `${tool("AskUserQuestion", { questions: [PARTS, COLOUR] })}[[reply chosen]]`);
    await respond("api", "--choice", "1:1,2", "--text", "Ultraviolet");
    const { results } = await turnOf("api", both.message);
    for (const word of ["Red", "Blue", "Ultraviolet"]) expect(results).toContain(word);

    const declined = await ask("api", `${tool("AskUserQuestion", { questions: [COLOUR] })}[[reply went on]]`);
    expect((await respond("api", "--deny", "--text", "ask me tomorrow")).request.outcome).toBe("denied");
    expect(await turnOf("api", declined.message)).toMatchObject({
      text: "went on",
      results: expect.stringContaining("ask me tomorrow"),
    });
  }, 60_000);

  it("a plan is refused with feedback, and approved", async () => {
    await spawn(["planner", "--permission-mode", "plan"]);
    const plan = `${tool("ExitPlanMode", { plan: "Make everything small" })}[[reply after the plan]]`;
    const first = await ask("planner", plan);
    expect(first.request.kind).toBe("plan");
    expect((await respond("planner", "--text", "smaller still")).request.outcome).toBe("denied");
    expect((await turnOf("planner", first.message)).results).toContain("smaller still");
    const second = await ask("planner", plan);
    expect((await respond("planner", "--allow")).request.outcome).toBe("allowed");
    expect((await turnOf("planner", second.message)).text).toBe("after the plan");
  }, 60_000);

  it("the question of trust is answered both ways, and the first prompt follows", async () => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), "untrusted-")));
    try {
      for (const name of ["yes", "no"]) {
        const cwd = path.join(folder, name);
        await mkdir(cwd);
        await world.cli(["session", "create", cwd, "--name", name, "--json"]);
        const agent = await spawn([name, "--prompt", "[[reply hello]]"], cwd);
        expect(agent).toMatchObject({ state: "waiting", waitingFor: { kind: "dialog" } });
      }
      const options = (item: InboxItem) => item.request?.options ?? [];
      const option = (item: InboxItem, word: RegExp) => String(options(item).findIndex((text) => word.test(text)) + 1);
      const yes = await inboxItem("yes");
      const { request } = await respond("yes/yes", "--choice", option(yes, /^Yes/));
      expect(["answered", "allowed", "gone"]).toContain(request.outcome);
      const read = await world.cli(["agent", "read", "yes/yes", "--wait", "--json"]);
      expect(read.json<{ answer: { text: string } }>().answer.text).toBe("hello");

      const no = await inboxItem("no");
      await respond("no/no", "--choice", option(no, /^No/));
      const gone = await waitFor("the agent to end", async () => {
        const { agent } = (await world.cli(["agent", "show", "no/no", "--json"])).json<{ agent: AgentView }>();
        return agent.state === "waiting" || agent.state === "starting" ? undefined : agent.state;
      });
      expect(["exited", "errored"]).toContain(gone);
    } finally {
      await world.cli(["session", "delete", "yes", "--yes", "--force"]);
      await world.cli(["session", "delete", "no", "--yes", "--force"]);
      await rm(folder, { recursive: true, force: true });
    }
  }, 90_000);

  it("answering processes that are killed at any moment answer once, and lose nothing", async () => {
    for (let round = 0; round < 8; round++) {
      const file = `killed-${round}`;
      const { request, message } = await ask("api", `${bash(`echo x >> ${file}`)}[[reply ${file}]]`);
      const args = ["agent", "respond", "api", "--allow", "--request", request.requestId, "--json"];
      const victim = world.start(args);
      const end = collect(victim);
      await delay(100 + round * 60);
      victim.kill("SIGKILL");
      await end;
      const next = await world.cli(args);
      expect([0, 4], next.stdout).toContain(next.exitCode);
      expect((await turnOf("api", message)).text).toBe(file);
      expect(await readFile(path.join(world.sandbox.project, file), "utf8")).toBe("x\n");
    }
  }, 120_000);

  it("B3: 50 races of a person at the keyboard with an answer of ours: ours never lands on the next dialog", async () => {
    const ROUNDS = 50;
    const stop = new AbortController();
    const context = await compose({ signal: stop.signal, cwd: world.sandbox.project, env: world.env });
    const agent = (await context.store.agents.list()).find(({ name }) => name === "race");
    if (!agent?.terminal) throw new Error("the agent runs");
    const steps = Array.from({ length: 2 * ROUNDS + 1 }, (_, index) => bash(`echo ran >> step-${index}`));
    const sent = await world.cli(["agent", "send", "race", `${steps.join("")}[[reply all steps]]`, "--json"]);
    const { id: message } = sent.json<{ message: MessageView }>().message;
    const denied: number[] = [];
    let lost = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const request = await waitFor("the next request", async () => (await openRequests(context, agent))[0], {
        describe: () => world.tmux("capture-pane", "-p", "-t", agent.terminal?.id ?? ""),
      });
      const step = Number(/step-(\d+)/.exec(JSON.stringify(request.input))?.[1]);
      const input = { agent: agent.id, deny: true, text: `not step ${step}`, request: request.requestId };
      const [code] = await Promise.all([
        codeOf(callOperation(agentRespond, input, context)),
        delay((round * 17) % 150).then(() => world.tmux("send-keys", "-t", agent.terminal?.id ?? "", "1")),
      ]);
      if (code === "none") denied.push(step);
      else {
        expect(["REQUEST_CLOSED", "NOTHING_ASKED", "REQUEST_NOT_FOUND"]).toContain(code);
        lost += 1;
      }
    }
    await context.store.close();
    stop.abort();
    // The rest of the steps is a person's to allow.
    const { results } = await finish(message, agent.terminal.id);
    for (const step of denied) {
      expect(made(`step-${step}`), `step ${step} was denied by us`).toBe(false);
      expect(results).toContain(`not step ${step}\n`);
    }
    // Each of our words stands in the transcript once, for the very step it was said of; all others ran, once.
    expect(results.match(/not step \d+/g)?.length ?? 0).toBe(denied.length);
    for (let step = 0; step < steps.length; step++) {
      if (denied.includes(step)) continue;
      expect(await readFile(path.join(world.sandbox.project, `step-${step}`), "utf8"), `step ${step}`).toBe("ran\n");
    }
    expect(denied.length + lost).toBe(ROUNDS);
  }, 400_000);

  async function finish(message: string, pane: string): Promise<{ results: string }> {
    const done = turnOf("race", message);
    let isOver = false;
    void done.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      if ((await world.tmux("capture-pane", "-p", "-t", pane)).includes("Do you want to proceed?")) {
        await world.tmux("send-keys", "-t", pane, "1");
      }
      await delay(50);
    }
    return { results: `${(await done).results}\n` };
  }
});
