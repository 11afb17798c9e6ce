import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { access, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { AgentView } from "../../src/core/agent.ts";
import type { Decision } from "../../src/core/request.ts";
import { agentRead } from "../../src/operations/agent/read.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import type { Context } from "../../src/operations/context.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { hostilePrompts } from "../support/hostile-prompts.ts";
import { waitFor } from "../support/wait-for.ts";
import { collect, openWorld, type World } from "./support/world.ts";

interface Message {
  id: string;
  state: string;
  via: string;
  normalised: string[];
  answer: { text: string; interrupted: boolean } | null;
}

describe.each(claudeVersions("newest"))("headless agents of Claude Code $name ($version)", (claude) => {
  let world: World;
  let context: Context;

  beforeEach(async () => {
    world = await openWorld(claude);
    await ok(["session", "create", "--name", "shop", "--backend", "headless", "--trust"]);
    context = await compose({
      signal: new AbortController().signal,
      env: world.env,
      cwd: world.sandbox.project,
    });
  });
  afterEach(async () => {
    await world.cli(["session", "delete", "shop", "--force", "--yes"]);
    await world.dispose();
  });

  async function ok<T = Record<string, unknown>>(args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"]);
    if (result.exitCode !== 0)
      throw new Error(`${args.join(" ")}: exit ${result.exitCode}\n${result.stdout}${result.stderr}`);
    return result.json<T>();
  }
  const spawn = async (name: string, ...args: string[]) =>
    (await ok<{ agent: AgentView }>(["agent", "spawn", name, ...args])).agent;
  /** Asked in this process: a command for every look would keep the processor from what is looked at. */
  const show = async (name: string): Promise<AgentView> => (await agentShow.run({ agent: name }, context)).agent;
  const send = async (name: string, text: string, ...args: string[]) =>
    (await ok<{ message: Message }>(["agent", "send", name, text, "--wait", ...args])).message;
  const state = (name: string, wanted: string) =>
    waitFor(`${name} to be ${wanted}`, async () => {
      const agent = await show(name);
      return agent.state === wanted ? agent : undefined;
    });

  async function requestOf(id: string) {
    const agent = await context.store.agents.get(id);
    if (!agent?.terminal) throw new Error("the agent has no terminal");
    const { terminal } = agent;
    const [program, backend] = await Promise.all([context.program("headless"), context.backend("headless")]);
    const none = async () => undefined;
    const [request] = await program.requests(agent, undefined, none);
    if (!request) throw new Error("nothing is asked");
    return {
      request,
      outcome: () => program.outcome(agent, request, undefined, none),
      answer: (decision: Decision) =>
        program.answer(agent, request, decision, { screen: none, input: (steps) => backend.input(terminal, steps) }),
    };
  }
  const respond = async (name: string, ...flags: string[]) =>
    (await ok<{ request: { outcome: string; via: string; decision: string } }>(["agent", "respond", name, ...flags]))
      .request;

  it("work for one command after the other, keep senders apart, stop when told and leave nothing behind", async () => {
    const agent = await spawn("api");
    expect(agent).toMatchObject({ state: "idle", pid: expect.any(Number) });

    expect(await send("api", "hello")).toMatchObject({
      state: "answered",
      via: "stream",
      answer: { text: "echo: hello" },
    });
    const both = await Promise.all([send("api", "one [[sleep 300ms]]"), send("api", "two")]);
    expect(both.map((message) => message.answer?.text)).toEqual(["echo: one", "echo: two"]);
    expect((await show("api")).pid).toBe(agent.pid);

    const sending = world.start(["agent", "send", "api", "slow [[sleep 30s]]", "--wait", "--json"]);
    const sent = collect(sending);
    expect((await state("api", "working")).because).toMatch(/says busy/);
    const interrupted = await ok<{ agent: AgentView }>(["agent", "interrupt", "api"]);
    expect(interrupted.agent.state).toBe("idle");
    expect((await sent).json<{ message: Message }>().message.answer).toMatchObject({ interrupted: true });
    expect((await send("api", "after it")).answer?.text).toBe("echo: after it");

    const screen = await world.cli(["agent", "screen", "api", "--json"]);
    expect(screen.json()).toMatchObject({
      error: { code: "UNSUPPORTED_BY_BACKEND", hint: expect.stringMatching(/agent read/) },
    });

    await ok(["agent", "delete", "api", "--force", "--yes"]);
    expect(await readdir(path.join(world.home, "headless"))).toEqual([]);
    expect(existsSync(path.join(world.home, "agents", agent.id))).toBe(false);
    expect(await processesOf(world.sandbox.root)).toEqual([]);
  }, 60_000);

  it("ask over the control protocol: allowed, refused, remembered, chosen, and closed once answered", async () => {
    const { id } = await spawn("api");
    const asking = (text: string) => {
      const child = world.start(["agent", "send", "api", text, "--wait", "--json"]);
      return collect(child);
    };

    const first = asking('[[tool Bash {"command":"touch made"}]]');
    expect(await state("api", "waiting")).toMatchObject({
      because: expect.stringMatching(/can_use_tool \(Bash\)/),
      waitingFor: { kind: "permission", summary: "Bash: touch made" },
    });
    const bash = await requestOf(id);
    expect(bash.request).toMatchObject({ via: "control", canRemember: true, input: { command: "touch made" } });
    expect((await show("api")).waitingFor?.requestId).toBe(bash.request.requestId);
    expect(await bash.outcome()).toBe("open");
    await expect(bash.answer({ kind: "choose", answers: [] })).rejects.toMatchObject({
      code: "REQUEST_ANSWER_INVALID",
    });
    expect(bash.request.remembers).toMatch(/^Bash\(touch made.*\).* for this session$/);
    expect(await respond("api", "--allow", "--remember")).toMatchObject({ outcome: "allowed", via: "control" });
    expect((await first).exitCode).toBe(0);
    expect(await bash.outcome()).toBe("allowed");
    expect(existsSync(path.join(world.sandbox.project, "made"))).toBe(true);
    expect(existsSync(path.join(world.sandbox.project, ".claude"))).toBe(false);
    await expect(bash.answer({ kind: "allow", remember: false })).rejects.toMatchObject({ code: "REQUEST_CLOSED" });
    await send("api", '[[tool Bash {"command":"touch made"}]]');

    const second = asking('[[tool Bash {"command":"touch never"}]]');
    await state("api", "waiting");
    const refused = await requestOf(id);
    expect(await respond("api", "--deny", "--text", "not today")).toMatchObject({ outcome: "denied" });
    await second;
    expect(await refused.outcome()).toBe("denied");
    expect(existsSync(path.join(world.sandbox.project, "never"))).toBe(false);

    const questions = [
      { question: "Which?", header: "A", multiSelect: false, options: ["Red", "Blue"].map(option) },
      { question: "Many?", header: "B", multiSelect: true, options: ["One", "Two"].map(option) },
    ];
    const third = asking(`[[tool AskUserQuestion ${JSON.stringify({ questions })}]]`);
    expect((await state("api", "waiting")).waitingFor?.kind).toBe("question");
    const question = await requestOf(id);
    expect(question.request.questions).toHaveLength(2);
    const chosen = await respond("api", "--text", "my own", "--choice", "2:1,2");
    expect(chosen).toMatchObject({ outcome: "answered", decision: "my own; One, Two" });
    await third;
    expect(await question.outcome()).toBe("answered");
    const { entries } = await ok<{ entries: { text?: string; output?: string }[] }>([
      "agent",
      "read",
      "api",
      "--last",
      "1",
      "--include",
      "tools",
    ]);
    expect(JSON.stringify(entries)).toMatch(/Which\?.*my own.*Many\?.*One, Two/);
  }, 60_000);

  it("tell how they failed: an API error, a kill, a launch that Claude Code refuses", async () => {
    const agent = await spawn("api");

    const failed = await world.cli(["agent", "send", "api", "[[error 400]]", "--wait", "--json"]);
    expect(failed.exitCode).toBe(7);
    expect(await state("api", "errored")).toMatchObject({ error: { kind: "api" } });
    expect((await send("api", "again")).answer?.text).toBe("echo: again");
    expect((await show("api")).state).toBe("idle");

    process.kill(agent.pid ?? Number.NaN, "SIGKILL");
    // The process is gone some milliseconds before its holder has told how it ended.
    const crashed = await waitFor("the crash", async () => {
      const agent = await show("api");
      return agent.because.includes("signal 9") ? agent : undefined;
    });
    expect(crashed).toMatchObject({ state: "errored", error: { kind: "crash" } });

    await ok(["agent", "start", "api", "--resume"]);
    expect((await send("api", "back")).answer?.text).toBe("echo: back");

    const launch = await world.cli(["agent", "spawn", "bad", "--json", "--", "--no-such-flag"]);
    expect(launch.json()).toMatchObject({
      error: { code: "CLAUDE_LAUNCH_FAILED", message: expect.stringMatching(/unknown option/) },
    });
  }, 60_000);

  it("B13: receive hostile prompts exactly", async () => {
    await spawn("api");
    const texts = hostilePrompts().map(({ text }) => text);
    const sample = texts.filter((text) => text.trim() !== "" && !isCommand(text)).filter((_, at) => at % 6 === 0);
    expect(sample.length).toBeGreaterThan(35);

    for (const text of sample) {
      const input = agentSend.input.parse({ agent: "api", text, exact: true, wait: true });
      const { message } = await agentSend.run(input, context);
      expect(message, short(text)).toMatchObject({ state: "answered", normalised: [] });
    }

    const received: string[] = [];
    for (let more = true, cursor: string | undefined; more; ) {
      const input = agentRead.input.parse({
        agent: "api",
        ...(cursor === undefined ? { all: true } : { since: cursor }),
      });
      const page = await agentRead.run(input, context);
      for (const { kind, text } of page.entries) if (kind === "prompt") received.push(text ?? "");
      ({ more, cursor } = page);
    }
    expect(received.map(short)).toEqual(sample.map(short));
  }, 60_000);

  it("have their plans approved and refused", async () => {
    const { id } = await spawn("planner", "--permission-mode", "plan");
    const asking = () =>
      collect(world.start(["agent", "send", "planner", '[[tool ExitPlanMode {"plan":"# Plan"}]]', "--wait", "--json"]));

    const first = asking();
    expect((await state("planner", "waiting")).waitingFor?.kind).toBe("plan");
    const refused = await requestOf(id);
    await expect(refused.answer({ kind: "allow", remember: true })).rejects.toMatchObject({
      code: "REQUEST_ANSWER_INVALID",
    });
    // 2.1.330 asks without the plan, which the transcript tells some 100 ms later.
    await waitFor("the plan", async () => ((await requestOf(id)).request.plan === "# Plan" ? true : undefined));
    expect(await respond("planner", "--text", "make it shorter")).toMatchObject({ outcome: "denied" });
    await first;
    expect(await refused.outcome()).toBe("denied");
    const second = asking();
    await state("planner", "waiting");
    const approved = await requestOf(id);
    expect(await respond("planner", "--allow")).toMatchObject({ outcome: "allowed" });
    await second;
    expect(await approved.outcome()).toBe("allowed");

    const said = await ok<{ entries: unknown[] }>(["agent", "read", "planner", "--all", "--include", "tools"]);
    expect(JSON.stringify(said.entries)).toMatch(/make it shorter.*approved/);
  }, 30_000);

  it("are the default where no terminal program is, with a note; but not in a folder that nobody trusts", async () => {
    const bin = path.join(world.sandbox.root, "bin");
    await mkdir(bin);
    await symlink(await onPath("mkfifo"), path.join(bin, "mkfifo"));
    const env = { PATH: bin };
    const doctor = (await world.cli(["doctor", "--json"], { env })).json<{ backend: string; findings: object[] }>();
    expect(doctor.backend).toBe("headless");
    expect(doctor.findings).toContainEqual(
      expect.objectContaining({ check: "backend headless", message: expect.stringMatching(/bills.*claude -p/) }),
    );
    expect(doctor.findings).toContainEqual(expect.objectContaining({ check: "default backend", status: "warning" }));

    const created = await world.cli(["session", "create", world.sandbox.home, "--name", "untrusted", "--json"], {
      env,
    });
    expect(created.json()).toMatchObject({ session: { backend: "headless" } });
    const spawned = await world.cli(["agent", "spawn", "api", "--session", "untrusted", "--json"]);

    expect(spawned.json()).toMatchObject({
      error: { code: "CLAUDE_LAUNCH_FAILED", hint: expect.stringMatching(/--trust/) },
    });
    await ok(["session", "delete", "untrusted", "--yes"]);
  }, 30_000);
});

async function onPath(name: string): Promise<string> {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  throw new Error(`${name} is not on PATH`);
}

function isCommand(text: string): boolean {
  return /^\/[^\s/]+(\s|$)/.test(text);
}

/** Enough to tell two texts apart, and to read what differs. */
function short(text: string): string {
  return `${text.length} ${JSON.stringify(text).slice(0, 60)} ${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

function option(label: string) {
  return { label, description: label };
}
