import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { AgentRequest, RequestView } from "../../src/core/request.ts";
import type { Entry } from "../../src/core/transcript.ts";
import { openRequests } from "../../src/operations/agent/respond/open-requests.ts";
import { agentRespond } from "../../src/operations/agent/respond.ts";
import type { InboxItem } from "../../src/operations/attention/inbox-item.ts";
import { callOperation } from "../../src/operations/call.ts";
import type { Context } from "../../src/operations/context.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { codeOf } from "../support/code-of.ts";
import { isFullDepth } from "../support/depth.ts";
import { waitFor } from "../support/wait-for.ts";
import { openCrash } from "./support/crash.ts";
import { openWorld, type World } from "./support/world.ts";

type Failed = { error: { code: string } };
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

describe.each(claudeVersions("newest"))("answering requests on Claude Code $version", (claude) => {
  let world: World;
  /** Looks in this process: a command for every look would keep the processor from what is looked at. */
  let context: Context;
  const stop = new AbortController();
  const random = generator(50);
  const says = (text: string) => expect.stringContaining(text);
  const made = (name: string) => existsSync(path.join(world.sandbox.project, name));

  beforeAll(async () => {
    world = await openWorld(claude);
    await world.cli(["session", "create", "--name", "shop", "--trust", "--json"]);
    context = await compose({ signal: stop.signal, cwd: world.sandbox.project, env: world.env });
    await Promise.all([
      spawn(["api"]),
      spawn(["race-a"]),
      spawn(["race-b"]),
      spawn(["race-c"]),
      spawn(["planner", "--permission-mode", "plan"]),
    ]);
  }, 90_000);
  afterAll(async () => {
    await context?.store.close();
    stop.abort();
    await world?.dispose();
  }, 30_000);

  async function spawn(args: readonly string[], cwd?: string): Promise<AgentView> {
    const spawned = await world.cli(["agent", "spawn", ...args, "--json"], cwd === undefined ? {} : { cwd });
    expect(spawned.exitCode, spawned.stdout).toBe(0);
    return spawned.json<{ agent: AgentView }>().agent;
  }

  async function agentOf(name: string) {
    const agent = (await context.store.agents.list()).find((one) => one.name === name);
    if (!agent) throw new Error(`No agent ${name}`);
    return agent;
  }

  /** What the agent asks, as soon as it asks something. */
  async function requestIn(name: string, except: readonly string[] = []): Promise<AgentRequest> {
    const agent = await agentOf(name);
    const isOther = ({ requestId }: AgentRequest) => !except.includes(requestId);
    return waitFor(`a request of ${name}`, async () => (await openRequests(context, agent)).find(isOther), {
      everyMs: 40,
      timeoutMs: 30_000,
      describe: () => world.tmux("capture-pane", "-p", "-t", agent.terminal?.id ?? ""),
    });
  }

  async function inboxItem(name: string): Promise<InboxItem & { request: RequestView }> {
    await requestIn(name);
    const listed = await world.cli(["inbox", "--json"]);
    const { items } = listed.json<{ items: InboxItem[] }>();
    const item = items.find(({ agent }) => agent?.name === name);
    if (!item?.request) throw new Error(`The inbox does not show what ${name} asks:\n${listed.stdout}`);
    return { ...item, request: item.request };
  }

  /** Lets an agent ask something; the process that sent the prompt is gone when it is answered. */
  async function ask(name: string, prompt: string) {
    const sent = await world.cli(["agent", "send", name, prompt, "--json"]);
    expect(sent.exitCode, sent.stdout).toBe(0);
    const item = await inboxItem(name);
    return { item, request: item.request, message: sent.json<{ message: MessageView }>().message.id };
  }

  async function respond(agent: string, ...flags: string[]): Promise<Responded> {
    const responded = await world.cli(["agent", "respond", agent, ...flags, "--json"]);
    expect(responded.exitCode, responded.stdout).toBe(0);
    return responded.json<Responded>();
  }

  async function spawnUntrusted(cwd: string, name: string): Promise<void> {
    await mkdir(cwd);
    await world.cli(["session", "create", cwd, "--name", name, "--json"]);
    const agent = await spawn([name, "--prompt", "[[reply hello]]"], cwd);
    expect(agent).toMatchObject({ state: "waiting", waitingFor: { kind: "dialog" } });
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
    expect([nothing.exitCode, nothing.json<Failed>().error.code]).toEqual([4, "NOTHING_ASKED"]);
    const again = await world.cli([
      "agent",
      "respond",
      "api",
      "--allow",
      "--request",
      second.request.requestId,
      "--json",
    ]);
    expect(again.json<Failed>().error.code).toBe("REQUEST_CLOSED");
  }, 60_000);

  it("what is allowed and remembered is not asked again", async () => {
    // For what touches folders, Claude Code remembers the folder, not the command.
    const prompt = `${bash("npm root")}[[reply made]]`;
    const { request, message } = await ask("api", prompt);
    expect(request).toMatchObject({
      canRemember: true,
      remembers: expect.stringMatching(/^Bash\(npm root.*\) for this session$/),
    });
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
    const plan = `${tool("ExitPlanMode", { plan: "Make everything small" })}[[reply after the plan]]`;
    const first = await ask("planner", plan);
    // 2.1.330 tells it neither its hook nor its screen.
    expect(first.request).toMatchObject({ kind: "plan", plan: "Make everything small", via: "hook" });
    expect((await world.cli(["inbox"])).stdout).toContain("Make everything small");
    expect((await respond("planner", "--text", "smaller still")).request.outcome).toBe("denied");
    expect((await turnOf("planner", first.message)).results).toContain("smaller still");
    const second = await ask("planner", plan);
    expect((await respond("planner", "--allow")).request.outcome).toBe("allowed");
    expect((await turnOf("planner", second.message)).text).toBe("after the plan");
  }, 60_000);

  it("the question of trust is answered both ways, and the first prompt follows", async () => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), "untrusted-")));
    try {
      await Promise.all(["yes", "no"].map((name) => spawnUntrusted(path.join(folder, name), name)));
      const [yes, no] = [await inboxItem("yes"), await inboxItem("no")];
      const option = (item: InboxItem, word: RegExp) =>
        String((item.request?.options ?? []).findIndex((text) => word.test(text)) + 1);
      const answered = await Promise.all([
        respond("yes/yes", "--choice", option(yes, /^Yes/)),
        respond("no/no", "--choice", option(no, /^No/)),
      ]);
      expect(answered.map(({ request }) => request.outcome)).toEqual(["gone", "gone"]);
      const read = await world.cli(["agent", "read", "yes/yes", "--wait", "--json"]);
      expect(read.json<{ answer: { text: string } }>().answer.text).toBe("hello");
      const gone = await waitFor("the agent to end", async () => {
        const { agent } = (await world.cli(["agent", "show", "no/no", "--json"])).json<{ agent: AgentView }>();
        return agent.state === "waiting" || agent.state === "starting" ? undefined : agent.state;
      });
      expect(["exited", "errored"]).toContain(gone);
    } finally {
      await Promise.all(["yes", "no"].map((name) => world.cli(["session", "delete", name, "--yes", "--force"])));
      await rm(folder, { recursive: true, force: true });
    }
  }, 90_000);

  it("an answering process that is killed at any step answers once, loses nothing, and another one goes on", async () => {
    const crash = await openCrash(world);
    const answers = {
      deciding: "denied",
      "handed-over": "allowed",
      "way-known": "allowed",
      settled: "allowed",
    } as const;
    for (const [step, outcome] of Object.entries(answers) as [keyof typeof answers, string][]) {
      const file = `killed-${step}`;
      const { request, message } = await ask("api", `${bash(`echo x >> ${file}`)}[[reply ${file}]]`);
      const { requestId } = request;
      await crash(step, "agent.respond", { agent: "api", allow: true, request: requestId });

      // The contrary, so that it shows which of the two answers took effect.
      const next = await world.cli(["agent", "respond", "api", "--deny", "--request", requestId, "--json"]);
      if (step === "deciding") expect(next.json<Responded>().request, step).toMatchObject({ outcome });
      // Which of them depends on how much of the evidence of its end is there yet; by all of them nothing was typed.
      else {
        const { code } = next.json<Failed>().error;
        expect(["REQUEST_CLOSED", "REQUEST_NOT_FOUND", "REQUEST_NOT_SHOWN"], step).toContain(code);
      }
      expect((await turnOf("api", message)).text).toBe(file);
      const written = await readFile(path.join(world.sandbox.project, file), "utf8").catch(() => "");
      expect(written, step).toBe(outcome === "allowed" ? "x\n" : "");
      // Any later look settles what the dead process left open.
      await world.cli(["inbox"]);
      const row = await context.store.answers.get(requestId);
      expect(row, step).toMatchObject({ state: "settled", outcome, holder: null });
    }
  }, 120_000);

  it("B3: races of a person at the keyboard with an answer of ours: ours never lands on the next dialog", async () => {
    // Most of a round is a person who reads: three of them at a time.
    const counts = isFullDepth ? [17, 17, 16] : [8, 8, 8];
    const races = await Promise.all(counts.map((count, index) => race(`race-${"abc"[index]}`, count)));
    const total = races.flat().length;

    const ours = races.flat().filter(({ isOurs }) => isOurs).length;
    process.stdout.write(`${total} races on ${claude.version}: ours won ${ours}, the person ${total - ours}\n`);
    // Both must have won sometimes, or there was no race.
    expect(ours).toBeGreaterThan(total / 10);
    expect(ours).toBeLessThan(total - total / 10);
  }, 120_000);

  async function race(name: string, count: number): Promise<{ step: number; isOurs: boolean }[]> {
    const agent = await agentOf(name);
    const pane = agent.terminal?.id ?? "";
    const press = (key: string) => world.tmux("send-keys", "-t", pane, key);
    // A key that comes after our answer may answer the next dialog: that is the person's own doing.
    const steps = Array.from({ length: 2 * count }, (_, index) => bash(`echo ran >> ${name}-step-${index}`));
    await world.cli(["agent", "send", name, steps.join(""), "--json"]);

    const rounds: { step: number; isOurs: boolean }[] = [];
    /** The person's key comes this long after our call began: around the moment at which our answer takes effect. */
    let centreMs = 40;
    /** A person reads before pressing a key; a dialog that has just appeared ignores keys, so that there would be no race. */
    const READ_MS = 400;
    const raced: string[] = [];
    while (rounds.length < count) {
      // One that was just answered is still told until its tool has run, or its refusal stands in the transcript.
      const request = await requestIn(name, raced);
      raced.push(request.requestId);
      const step = Number(/step-(\d+)/.exec(JSON.stringify(request.input))?.[1]);
      // Claude Code holds a dialog back as long as somebody has just typed; their keys would go into the box.
      const dialog = new RegExp(`${name}-step-${step}\\b[^●]*Do you want to proceed`);
      await waitFor(
        `the dialog of step ${step}`,
        async () => (dialog.test(await world.tmux("capture-pane", "-p", "-t", pane)) ? true : undefined),
        { everyMs: 30 },
      );
      await delay(READ_MS);
      const offsetMs = centreMs + Math.round((random() - 0.5) * 100);
      const input = { agent: agent.id, deny: true, text: `not step ${step}.`, request: request.requestId };
      const [code] = await Promise.all([
        delay(Math.max(0, -offsetMs)).then(() => codeOf(callOperation(agentRespond, input, context))),
        delay(Math.max(0, offsetMs)).then(() => press("1")),
      ]);
      const isOurs = code === "none";
      if (!isOurs) expect(["REQUEST_CLOSED", "NOTHING_ASKED", "REQUEST_NOT_FOUND"]).toContain(code);
      rounds.push({ step, isOurs });
      centreMs += isOurs ? -15 : 15;
      // A refusal leaves no event, and is not asked any more all the same.
      const open = isOurs ? await openRequests(context, agent) : [];
      expect(open.map(({ requestId }) => requestId)).not.toContain(request.requestId);
    }
    await world.cli(["agent", "interrupt", name, "--json"]);

    const results = await resultsBySteps(name);
    const ours = rounds.filter(({ isOurs }) => isOurs).map(({ step }) => step);
    expect(new Set(rounds.map(({ step }) => step)).size).toBe(count);
    for (const { step, isOurs } of rounds) {
      const { text, isError } = results.get(step) ?? {};
      // Our words stand in the result of the very step that they were said of; what a person allowed, ran, once.
      if (isOurs)
        expect({ text, isError }, `step ${step}`).toMatchObject({ text: says(`not step ${step}.`), isError: true });
      else expect({ text, isError }, `step ${step}`).toMatchObject({ isError: false });
      const file = path.join(world.sandbox.project, `${name}-step-${step}`);
      const written = await readFile(file, "utf8").catch(() => "");
      expect(written, `step ${step}`).toBe(isOurs ? "" : "ran\n");
    }
    for (const [step, { text }] of results) {
      expect(text.match(/not step \d+\./g) ?? [], `step ${step}`).toEqual(
        ours.includes(step) ? [`not step ${step}.`] : [],
      );
    }
    return rounds;
  }

  /** What each step's tool said, by the transcript. */
  async function resultsBySteps(name: string): Promise<Map<number, { text: string; isError: boolean }>> {
    const read = await world.cli(["agent", "read", name, "--all", "--include", "tools", "--json"]);
    const { entries } = read.json<{ entries: Entry[] }>();
    const steps = new Map<string, number>();
    const results = new Map<number, { text: string; isError: boolean }>();
    for (const { kind, tool: used, text = "" } of entries) {
      if (!used) continue;
      if (kind === "tool_use") steps.set(used.id, Number(/step-(\d+)/.exec(JSON.stringify(used.input))?.[1]));
      const step = steps.get(used.id);
      if (kind === "tool_result" && step !== undefined) results.set(step, { text, isError: used.isError === true });
    }
    return results;
  }
});

/** Offsets differ from round to round, and are the same in each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
