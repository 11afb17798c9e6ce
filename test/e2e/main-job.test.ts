import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { isFullDepth } from "../support/depth.ts";
import { iterm2Profiles } from "../support/iterm2-profiles.ts";
import { waitFor } from "../support/wait-for.ts";
import { collect, openWorld, type World } from "./support/world.ts";

/** Real tmux, and a fake iTerm2 with real Claude Code in it. */
const BACKENDS = ["tmux", ...iterm2Profiles("3.7").map((profile) => `iterm2 ${profile}` as const)] as const;
const isChosen = isFullDepth || process.env.CLAUDE_ORCH_TEST_CLAUDE !== undefined;
const CASES = claudeVersions()
  .flatMap((claude) => BACKENDS.map((backend) => ({ ...claude, backend })))
  // All other suites run the newest, in tmux.
  .filter(({ name, backend }) => isChosen || (name === "pinned" && backend !== "tmux"));

/** A module that writes down where a process connects to. */
const CONNECTION_RECORDER = (file: string) => `
import { appendFileSync } from "node:fs";
import { Socket } from "node:net";
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  appendFileSync(${JSON.stringify(file)}, (first?.path === undefined ? "network" : "socket") + "\\n");
  return connect.apply(this, args);
};
`;

describe.each(CASES)("main job on Claude Code $version in $backend", ({ backend, ...claude }) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(claude, { backend });
    const created = await world.cli(["session", "create", "--name", "shop", "--trust", "--json"]);
    expect(created.json()).toMatchObject({
      session: { name: "shop", root: world.sandbox.project, backend: backend.split(" ")[0] },
    });
    const spawned = await world.cli(["agent", "spawn", "api", "--json"]);
    expect(spawned.json<{ agent: AgentView }>().agent).toMatchObject({ name: "api", number: 1, state: "idle" });
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  it("R1-16, R2-18, R4-02: sends a prompt and proves it by the transcript, then returns the answer to that very prompt", async () => {
    const sent = await world.cli(["agent", "send", "api", "hello there", "--wait", "--json"]);

    expect(sent.exitCode, sent.stdout + sent.stderr).toBe(0);
    const { message } = sent.json<{ message: MessageView }>();
    expect(message).toMatchObject({
      state: "answered",
      text: "hello there",
      normalised: [],
      answer: { text: "echo: hello there", isError: false },
    });
    expect(message.answer?.usage?.outputTokens).toBeGreaterThan(0);
  });

  it("R2-04, R2-21: reads the newest turn, and only it", async () => {
    const read = await world.cli(["agent", "read", "api", "--json"]);

    const { entries, answer, agent } = read.json<{
      entries: { kind: string; text?: string; from?: string }[];
      answer: { text: string };
      agent: AgentView;
    }>();
    expect(agent.state).toBe("idle");
    expect(answer.text).toBe("echo: hello there");
    expect(entries).toMatchObject([
      { kind: "prompt", text: "hello there", from: "orchestrator" },
      { kind: "text", text: "echo: hello there" },
    ]);
  });

  it("R2-22: waits for a running turn and reads its answer", async () => {
    const sent = await world.cli(["agent", "send", "api", "[[sleep 1500ms]][[reply late]]", "--json"]);
    expect(sent.json<{ message: MessageView }>().message.state).toBe("recorded");
    const during = await world.cli(["agent", "show", "api", "--json"]);
    expect(during.json<{ agent: AgentView }>().agent.state).toBe("working");

    const read = await world.cli(["agent", "read", "api", "--wait", "--timeout", "20s", "--json"]);

    expect(read.json<{ answer: { text: string } }>().answer.text).toBe("late");
  });

  it("R2-19: a timeout of --wait exits 6, and the turn goes on and is readable later", async () => {
    const sent = await world.cli([
      "agent",
      "send",
      "api",
      "[[sleep 3s]][[reply still here]]",
      "--wait",
      "--timeout",
      "1500ms",
      "--json",
    ]);
    expect(sent.exitCode).toBe(6);
    expect(sent.json<{ error: { code: string } }>().error.code).toBe("ANSWER_TIMEOUT");

    const read = await world.cli(["agent", "read", "api", "--wait", "--json"]);
    expect(read.json<{ answer: { text: string } }>().answer.text).toBe("still here");
  });

  it("reaches a permission prompt as `waiting`, with what is asked, and never types into it", async () => {
    const sent = await world.cli([
      "agent",
      "send",
      "api",
      '[[tool Bash {"command":"touch made-by-tool","description":"Make a file"}]][[reply made]]',
      "--json",
    ]);
    expect(sent.exitCode, sent.stdout).toBe(0);
    const agent = await waitFor("waiting", async () => {
      const shown = await world.cli(["agent", "show", "api", "--json"]);
      const view = shown.json<{ agent: AgentView }>().agent;
      return view.state === "waiting" ? view : undefined;
    });
    expect(agent.waitingFor).toMatchObject({ kind: "permission", tool: "Bash" });

    const second = await world.cli(["agent", "send", "api", "are you there?", "--timeout", "1s", "--json"]);

    expect(second.exitCode).toBe(6);
    expect(second.json<{ error: { code: string; details: { state: string } } }>().error).toMatchObject({
      code: "WAIT_TIMEOUT",
      details: { state: "queued" },
    });
    const status = await world.cli(["status", "--json"]);
    expect(status.json<{ attention: unknown[] }>().attention).toMatchObject([{ agent: "shop/api", state: "waiting" }]);

    // A person answers in the tab; what was queued follows in a turn of its own.
    await world.person.type(agent.terminal, "1");
    const waited = await world.cli(["agent", "wait", "api", "--timeout", "20s", "--json"]);
    expect(waited.json()).toMatchObject({ timedOut: false, agents: [{ state: "idle" }] });
    const read = await world.cli(["agent", "read", "api", "--last", "2", "--json"]);
    const texts = read.json<{ entries: { text?: string }[] }>().entries.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["made", "are you there?", "echo: are you there?"]));
  });

  it("shows an API error as `errored` with exit 7, and takes the next prompt", async () => {
    const failed = await world.cli(["agent", "send", "api", "[[error 400]]", "--wait", "--json"]);
    expect(failed.exitCode).toBe(7);
    expect(failed.json<{ error: { code: string } }>().error.code).toBe("ANSWER_FAILED");
    // Claude Code's own session file says busy for some 100 ms after the turn's last record.
    const errored = await waitFor("errored", async () => {
      const view = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
      return view.state === "working" ? undefined : view;
    });
    expect(errored).toMatchObject({ state: "errored", error: { kind: "api" } });

    const next = await world.cli(["agent", "send", "api", "again", "--wait", "--json"]);

    expect(next.json<{ message: MessageView }>().message.answer?.text).toBe("echo: again");
  });

  it("two processes sending at once: both arrive whole, in order, each with its own answer", async () => {
    const texts = ["first of two", "second of two"];
    const children = texts.map((text) => world.start(["agent", "send", "api", text, "--wait", "--json"]));
    const results = await Promise.all(children.map((child) => collect(child)));

    const messages = results.map((result) => result.json<{ message: MessageView }>().message);
    expect(messages.map(({ answer }) => answer?.text)).toEqual(texts.map((text) => `echo: ${text}`));
    const [a, b] = messages;
    expect(a?.promptId).not.toBe(b?.promptId);
    // In order: each queue position is typed after the one before it was recorded.
    const byCreation = [...messages].sort((x, y) => x.createdAt.localeCompare(y.createdAt));
    expect(byCreation[0]?.recordedAt?.localeCompare(byCreation[1]?.typedAt ?? "")).toBeLessThanOrEqual(0);
  });

  it("the same idempotency key is delivered once", async () => {
    const send = () => world.cli(["agent", "send", "api", "only once", "--idempotency-key", "k1", "--wait", "--json"]);
    const [first, second] = [await send(), await send()];

    expect(second.json()).toEqual(first.json());
    const turns = world.model.requests.filter(({ kind, prompt }) => kind === "turn" && prompt === "only once");
    expect(turns).toHaveLength(1);
  });

  it("interrupts a turn and keeps the conversation", async () => {
    await world.cli(["agent", "send", "api", "[[stream 200 x 100ms]]", "--json"]);
    const stopped = await world.cli(["agent", "interrupt", "api", "--json"]);
    expect(stopped.json<{ agent: AgentView }>().agent.state).toBe("idle");

    const next = await world.cli(["agent", "send", "api", "after the interruption", "--wait", "--json"]);

    expect(next.json<{ message: MessageView }>().message.answer?.text).toBe("echo: after the interruption");
    await world.cli(["agent", "send", "api", "[[stream 200 x 100ms]]", "--json"]);
    const instead = await world.cli(["agent", "send", "api", "instead", "--when", "interrupt", "--wait"]);
    expect([instead.exitCode, instead.stdout]).toEqual([0, "echo: instead\n"]);
  });

  it("kill -9 of Claude Code is seen, and the conversation can be resumed", async () => {
    const { agent } = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>();
    process.kill(agent.pid ?? Number.NaN, "SIGKILL");
    const dead = await waitFor("the crash to be seen", async () => {
      const view = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
      return view.state === "idle" ? undefined : view;
    });
    expect(dead).toMatchObject({ state: "errored", error: { kind: "crash" } });
    const refused = await world.cli(["agent", "send", "api", "hello?", "--json"]);
    expect(refused.exitCode).toBe(4);
    expect(refused.json<{ error: { code: string } }>().error.code).toBe("AGENT_NOT_RUNNING");

    const started = await world.cli(["agent", "start", "api", "--resume", "--json"]);

    expect(started.json<{ agent: AgentView }>().agent).toMatchObject({
      id: agent.id,
      number: 1,
      conversationId: agent.conversationId,
      state: "idle",
    });
    const next = await world.cli(["agent", "send", "api", "back again", "--wait", "--json"]);
    expect(next.json<{ message: MessageView }>().message.answer?.text).toBe("echo: back again");
  }, 40_000);

  it("R1-17, R1-18: clear closes the terminal and keeps the agent; start opens a new conversation", async () => {
    const before = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
    const cleared = await world.cli(["agent", "clear", "api", "--json"]);
    expect(cleared.json<{ agent: AgentView }>().agent).toMatchObject({
      id: before.id,
      state: "exited",
      terminal: null,
    });
    const read = await world.cli(["agent", "read", "api", "--json"]);
    expect(read.json<{ answer: { text: string } }>().answer.text).toBe("echo: back again");

    const started = await world.cli(["agent", "start", "api", "--json"]);

    const after = started.json<{ agent: AgentView }>().agent;
    expect(after).toMatchObject({ id: before.id, number: before.number, state: "idle" });
    expect(after.conversationId).not.toBe(before.conversationId);
  }, 30_000);

  it("sees the end of Claude Code by /exit as `exited` with its code", async () => {
    const { agent } = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>();
    await world.person.type(agent.terminal, "/exit");
    await world.person.type(agent.terminal, "\r");
    const ended = await waitFor("exited", async () => {
      const view = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
      // The terminal learns the code some milliseconds after the process is gone.
      return view.state === "exited" && view.exitCode !== undefined ? view : undefined;
    });
    expect(ended.exitCode).toBe(0);
  });

  it("R2-34: the end of all terminals makes their agents `lost`, with what to do, and they start again", async () => {
    await world.cli(["agent", "start", "api", "--json"]);
    await world.person.endTerminals();
    const lost = await waitFor("lost", async () => {
      const view = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
      // Its session file goes some milliseconds before the process.
      return view.state === "idle" || view.state === "starting" ? undefined : view;
    });
    expect(["lost", "exited"]).toContain(lost.state);
    const refused = await world.cli(["agent", "send", "api", "hello?", "--json"]);
    expect([refused.exitCode, refused.json()]).toMatchObject([
      4,
      { error: { code: "AGENT_NOT_RUNNING", hint: expect.stringContaining("claude-orch agent start") } },
    ]);

    const started = await world.cli(["agent", "start", "api", "--json"]);
    expect(started.json<{ agent: AgentView }>().agent.state).toBe("idle");
  }, 30_000);

  it("R1-11, R1-31, R2-12, R3-07: spawns several at once, idle when it returns, each a process of its own with number and conversation", async () => {
    const before = Date.now();
    const spawned = await world.cli(["agent", "spawn", "--count", "3", "--json"]);

    const { agents } = spawned.json<{ agents: AgentView[] }>();
    expect(agents.map(({ state }) => state)).toEqual(["idle", "idle", "idle"]);
    expect(agents.map(({ name }) => name)).toEqual(["Agent_2", "Agent_3", "Agent_4"]);
    expect(new Set(agents.map(({ conversationId }) => conversationId)).size).toBe(3);
    const listed = (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>().agents;
    const running = new Map((await processesOf(world.sandbox.root)).map(({ pid, command }) => [pid, command]));
    expect(new Set(listed.map(({ pid }) => pid)).size).toBe(4);
    for (const { pid, conversationId } of listed) expect(running.get(pid ?? 0)).toContain(conversationId);
    for (const { since } of listed.slice(1)) {
      expect(Date.parse(since)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(since)).toBeLessThanOrEqual(Date.now());
    }
    const heard = await world.cli(["broadcast", "what is your name?", "--json"]);
    expect(heard.json<{ messages: MessageView[] }>().messages.map(({ state }) => state)).toEqual(
      Array(4).fill("recorded"),
    );
    const prompts = world.model.requests.filter(({ prompt }) => prompt === "what is your name?");
    expect(new Set(prompts.map(({ userId }) => userId)).size).toBe(4);
  }, 60_000);

  it.runIf(backend !== "tmux")(
    "iTerm2's cookies and keys stay nowhere, and nothing but its socket is connected to",
    async () => {
      const secrets = world.person.iterm2?.secrets ?? [];
      expect(secrets.length).toBeGreaterThan(1);
      const recorder = path.join(world.sandbox.root, "recorder.mjs");
      const record = path.join(world.sandbox.root, "connections");
      await writeFile(recorder, CONNECTION_RECORDER(record));
      const env = { NODE_OPTIONS: `--import=${recorder}`, CLAUDE_ORCH_LOG_LEVEL: "debug" };
      // The second one comes with a cookie that is no good.
      const shown = [
        await world.cli(["agent", "screen", "api", "--json"], { env }),
        await world.cli(["agent", "screen", "api", "--json"], { env: { ...env, ITERM2_COOKIE: secrets[0] ?? "" } }),
      ];

      expect(shown.map(({ exitCode }) => exitCode)).toEqual([0, 5]);
      expect(new Set((await readFile(record, "utf8")).trim().split("\n"))).toEqual(new Set(["socket"]));
      const texts = new Map(shown.map(({ stdout, stderr }, index) => [`output ${index}`, stdout + stderr]));
      for (const file of await readdir(world.home, { recursive: true, withFileTypes: true })) {
        const name = path.join(file.parentPath, file.name);
        if (file.isFile()) texts.set(name, await readFile(name, "latin1"));
      }
      const processes = await processesOf(world.sandbox.root);
      expect(processes.length).toBeGreaterThan(1);
      for (const { pid, command } of processes) {
        texts.set(`environment of ${command}`, await readFile(`/proc/${pid}/environ`, "latin1").catch(() => ""));
      }
      expect([...texts.keys()].some((name) => name.includes("logs"))).toBe(true);
      const leaks = [...texts].filter(([, text]) => secrets.some((secret) => text.includes(secret)));
      expect(leaks.map(([where]) => where)).toEqual([]);
    },
  );

  it("R1-15: session delete ends every process and keeps the transcripts", async () => {
    const before = (await world.cli(["session", "show", "shop", "--json"])).json<{ agents: AgentView[] }>().agents;
    const waited = await world.cli(["agent", "wait", ...before.map(({ id }) => id), "--json"]);
    expect(waited.exitCode).toBe(0);

    const deleted = await world.cli(["session", "delete", "shop", "--yes", "--json"]);

    const { kept, agents } = deleted.json<{ kept: string[]; agents: unknown[] }>();
    expect(agents).toHaveLength(4);
    expect(kept.length).toBeGreaterThanOrEqual(4);
    const left = await processesOf(world.sandbox.root);
    expect(left.filter(({ pid }) => before.some((agent) => agent.pid === pid))).toEqual([]);
    expect(await world.person.terminals()).toBe(0);
  }, 30_000);
});
