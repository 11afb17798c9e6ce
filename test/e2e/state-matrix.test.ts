import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { Agent, AgentView } from "../../src/core/agent.ts";
import type { BackendName } from "../../src/core/session.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { callOperation } from "../../src/operations/call.ts";
import type { Context } from "../../src/operations/context.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { matrixTable, type Row } from "./support/matrix-table.ts";
import { type Seen, StateWatch } from "./support/state-watch.ts";
import { openWorld, type World } from "./support/world.ts";

/**
 * Every state and cause on the real program: what is expected against what the product reports, and the time between the
 * event (as the model, the process table or Claude Code's own file tells it) and the report.
 */
const BACKENDS: readonly BackendName[] = ["tmux"];
/** What is typed into a terminal does not apply where there is none. */
const TERMINALS: readonly BackendName[] = ["tmux"];

const rows: Row[] = [];
afterAll(() => {
  // For people: the table is what this file is for.
  process.stdout.write(`\n${matrixTable(rows)}\n`);
});

/** Claude Code's own retries are not what is tested; one shows that they happen. */
const RETRIES = "1";
const QUESTIONS = {
  one: [{ question: "Which colour?", header: "Colour", multiSelect: false, options: options("Red", "Blue") }],
  multi: [{ question: "Which parts?", header: "Parts", multiSelect: true, options: options("API", "UI") }],
};

function options(...labels: string[]) {
  return labels.map((label) => ({ label, description: label }));
}

/** A directive of the scripted model. */
function tool(name: string, input: object): string {
  return `[[tool ${name} ${JSON.stringify(input)}]]`;
}

/** Both versions take as long again: only where that is asked for. */
const versions = claudeVersions().filter(
  ({ name }) => name === "newest" || process.env.CLAUDE_ORCH_TEST_CLAUDE !== undefined,
);
const matrix = versions.flatMap((claude) => BACKENDS.map((backend) => ({ claude, backend })));

describe.each(matrix)("states of Claude Code $claude.version in $backend", ({ claude, backend }) => {
  let world: World;
  let context: Context;
  let watch: StateWatch;
  const ending = new AbortController();

  afterAll(async () => {
    await watch?.close();
    ending.abort();
    await context?.store.close();
    await world?.dispose();
  }, 60_000);

  interface Expected {
    agent: string;
    /** What must be reported after the event. */
    expect: string;
    /** What else may be seen on the way there. */
    passing?: string[];
    check?: (view: AgentView) => boolean;
  }

  /** Makes something happen, and writes down what is reported and how long that took; `event` tells when it happened. */
  async function scenario(
    name: string,
    { agent, expect: wanted, passing = [], check }: Expected,
    event: () => Promise<number | null>,
  ): Promise<Seen> {
    const from = watch.seen.length;
    const reported = watch.until(agent, wanted, from, check);
    reported.catch(() => undefined);
    const at = await event();
    const seen = await reported.catch((error) => {
      row(name, wanted, watch.of(agent).at(-1)?.label ?? "nothing", null);
      throw error;
    });
    const changedAt = await statusChange(seen);
    const eventAt = at === null ? null : Math.max(at, changedAt);
    const others = watch.of(agent, from).filter(({ label }) => label !== wanted && !passing.includes(label));
    row(
      name,
      wanted,
      others[0]?.label ?? seen.label,
      eventAt === null ? null : Math.max(0, Math.round(seen.at - eventAt)),
    );
    expect
      .soft(
        others.map(({ label, view }) => `${label}: ${view.because}`),
        name,
      )
      .toEqual([]);
    return seen;
  }

  /** When Claude Code itself came into this state, by the file that it writes; 0 when it has moved on or is gone. */
  async function statusChange({ view, at }: Seen): Promise<number> {
    const file = path.join(world.sandbox.configDir, "sessions", `${view.pid}.json`);
    const text = await readFile(file, "utf8").catch(() => "");
    const changedAt = Number(/"statusUpdatedAt":\s*(\d+)/.exec(text)?.[1] ?? 0);
    return changedAt <= at ? changedAt : 0;
  }

  function row(name: string, expected: string, reported: string, ms: number | null): void {
    rows.push({ scenario: name, version: claude.version, backend, expected, reported, ms });
  }

  async function send(agent: string, text: string): Promise<void> {
    await callOperation(agentSend, { agent, text }, context);
  }

  /** Epoch ms of the newest answer of the model to a prompt with this text, as the model itself saw it. */
  function replied(text: string): Promise<number> {
    return waitFor(`reply to ${text}`, () => requestsOf(text).at(-1)?.repliedAt);
  }
  function asked(text: string): Promise<number> {
    return waitFor(`request of ${text}`, () => requestsOf(text).at(-1)?.receivedAt);
  }
  function requestsOf(text: string) {
    return world.model.requests.filter(({ kind, prompt }) => kind === "turn" && prompt.includes(text));
  }

  /** A prompt and how its turn ends, measured from the model's last word. */
  async function turn(
    name: string,
    text: string,
    expected: Omit<Expected, "agent"> & { agent?: string; isTyped?: boolean },
  ) {
    const agent = expected.agent ?? "api";
    return scenario(name, { passing: ["working"], ...expected, agent }, async () => {
      const before = requestsOf(text).length;
      await (expected.isTyped ? command(agent, text) : send(agent, text));
      await waitFor("a request", () => (requestsOf(text).length > before ? true : undefined));
      await watch.until(agent, expected.expect, 0, expected.check).catch(() => undefined);
      return replied(text);
    });
  }

  async function spawned(name: string): Promise<void> {
    await callOperation(agentSpawn, { name }, context);
    await settled(name);
  }
  /** Waits until it is idle and the watch has seen it so. */
  function settled(agent: string, isIdle: (view: AgentView) => boolean = () => true): Promise<true> {
    return waitFor(`${agent} idle`, () => {
      const last = watch.of(agent).at(-1);
      return last?.label === "idle" && isIdle(last.view) ? true : undefined;
    });
  }

  /** As a person in the tab; epoch ms of Enter. */
  async function command(agent: string, text: string): Promise<number> {
    await type(agent, text);
    return keys(agent, "Enter");
  }

  const pane = (agent: string): string => watch.of(agent).at(-1)?.view.terminal ?? "";
  /** What a person does in the tab; epoch ms of the last key. */
  async function keys(agent: string, ...pressed: string[]): Promise<number> {
    const at = Date.now();
    await world.tmux("send-keys", "-t", pane(agent), ...pressed);
    return at;
  }
  async function type(agent: string, text: string): Promise<void> {
    await world.tmux("send-keys", "-l", "-t", pane(agent), text);
    const tail = text.trim().slice(-12);
    await shows(agent, (screen) => screen.includes(tail));
  }
  function shows(agent: string, isThere: (screen: string) => boolean): Promise<true> {
    return waitFor("the screen", async () => (isThere(await screenOf(agent)) ? true : undefined), {
      everyMs: 50,
      describe: () => screenOf(agent),
    });
  }
  /** Nothing is expected to change: looks once more, and reports it as seen if it is the same. */
  async function stays(agent: string): Promise<null> {
    const { agents } = await callOperation(agentList, {}, context);
    const view = agents.find(({ name }) => name === agent);
    if (view) watch.note(view, { isRepeated: true });
    return null;
  }
  async function stored(name: string): Promise<Agent> {
    const found = (await context.store.agents.list()).find((one) => one.name === name);
    if (!found) throw new Error(`no agent ${name}`);
    return found;
  }
  const screenOf = (agent: string): Promise<string> => world.tmux("capture-pane", "-p", "-J", "-t", pane(agent));
  /** Right after it opened, a dialog may ignore a key. */
  async function dismiss(agent: string): Promise<number> {
    let at = 0;
    await waitFor(
      "the dialog to close",
      async () => {
        if (watch.of(agent).at(-1)?.label.startsWith("waiting") !== true) return true;
        at = await keys(agent, "Escape");
        return undefined;
      },
      { everyMs: 700 },
    );
    return at;
  }
  async function emptyBox(agent: string): Promise<void> {
    const isEmpty = (screen: string) => /\n[❯>]\s*(?:Try ".*"\s*)?\n─/.test(screen);
    if (isEmpty(await screenOf(agent))) return;
    await keys(agent, "C-c");
    await shows(agent, (screen) => isEmpty(screen) && !screen.includes("again to exit"));
  }

  it("R2-05, R3-10, B2: starting and ready", async () => {
    world = await openWorld(claude);
    const env = { ...world.env, CLAUDE_CODE_MAX_RETRIES: RETRIES };
    context = await compose({ signal: ending.signal, env, cwd: world.sandbox.project });
    await callOperation(sessionCreate, { name: "shop", trust: true, backend }, context);
    watch = new StateWatch(context);
    watch.start();

    await scenario("launched", { agent: "api", expect: "starting", passing: ["idle"] }, async () => {
      const { agent } = await callOperation(agentSpawn, { name: "api" }, context);
      return (await stat(path.join(world.home, "agents", agent?.id ?? "", "pid"))).mtimeMs;
    });
    await watch.until("api", "idle", 0);
    row("ready for a prompt", "idle", watch.of("api").at(-1)?.label ?? "", null);
  }, 30_000);

  it("R2-05, R1-14: turns, and what their agents ask", async () => {
    await scenario("prompt sent", { agent: "api", expect: "working", passing: ["idle"] }, async () => {
      await send("api", "a [[sleep 300ms]]");
      return asked("a [[sleep");
    });
    await scenario("answered", { agent: "api", expect: "idle", passing: ["working"] }, () => replied("a [[sleep"));

    const asks = async (name: string, text: string, kind: string) => {
      await turn(name, text, { expect: `waiting:${kind}` });
      await scenario(`${name}: declined`, { agent: "api", expect: "idle", passing: ["working"] }, () => dismiss("api"));
    };
    await asks("permission", tool("Bash", { command: "touch made", description: "Make" }), "permission");
    await asks("question", tool("AskUserQuestion", { questions: QUESTIONS.one }), "question");
    await asks("question, several options", tool("AskUserQuestion", { questions: QUESTIONS.multi }), "question");
    const several = [...QUESTIONS.one, ...QUESTIONS.multi];
    await asks("several questions", tool("AskUserQuestion", { questions: several }), "question");
  }, 60_000);

  it.runIf(TERMINALS.includes(backend))(
    "R2-05: a person in the tab",
    async () => {
      await type("api", "half a thought");
      await scenario("draft in the box", { agent: "api", expect: "idle" }, () => stays("api"));
      await keys("api", "C-c");
      await shows("api", (screen) => !screen.includes("half a thought") && !screen.includes("again to exit"));

      await scenario("a prompt of theirs", { agent: "api", expect: "working", passing: ["idle"] }, async () => {
        await command("api", "theirs [[stream 60 x 100ms]]");
        return asked("theirs");
      });
      await shows("api", (screen) => screen.includes("piece 2"));
      await scenario("Esc in mid-stream", { agent: "api", expect: "idle" }, () => keys("api", "Escape"));
      await emptyBox("api");
      await send("api", "e [[sleep 20s]]");
      await scenario("Esc before the first word", { agent: "api", expect: "idle", passing: ["working"] }, () =>
        keys("api", "Escape"),
      );
      await shows("api", (screen) => !screen.includes("esc to interrupt"));
      await emptyBox("api");

      await scenario("!command", { agent: "api", expect: "working", passing: ["idle"] }, async () => {
        await keys("api", "!");
        await type("api", "sleep 1");
        return keys("api", "Enter");
      });
      await settled("api");
      await scenario("panel (/cost)", { agent: "api", expect: "waiting:dialog" }, () => command("api", "/cost"));
      await scenario("panel closed", { agent: "api", expect: "idle" }, () => dismiss("api"));
      await scenario("unknown /command", { agent: "api", expect: "idle", passing: ["working"] }, async () => {
        await command("api", "/nonsense");
        await shows("api", (screen) => /Unknown (?:slash )?command|Unknown skill/.test(screen));
        return stays("api");
      });
      const before = watch.of("api").at(-1)?.view.conversationId;
      await scenario("/compact", { agent: "api", expect: "working", passing: ["idle"] }, () =>
        command("api", "/compact"),
      );
      await settled("api");
      await command("api", "/clear");
      await waitFor("another conversation", async () => {
        await callOperation(agentList, {}, context);
        return (await context.program(backend))
          .currentConversation(await stored("api"))
          .then((id) => (id && id !== before ? true : undefined));
      });
      await scenario("/clear", { agent: "api", expect: "idle", passing: ["working"] }, () => stays("api"));
    },
    60_000,
  );

  it("R2-05, R3-10: work that goes on in the background", async () => {
    const hasTask = ({ because }: AgentView) => because.includes("1 background task");
    const shell = tool("Bash", { command: "sleep 3", run_in_background: true, description: "Wait" });
    await turn("background shell", `b ${shell}[[reply started]]`, { expect: "idle", check: hasTask });
    await scenario(
      "background shell wakes the agent",
      { agent: "api", expect: "working", passing: ["idle"] },
      async () => null,
    );
    await settled("api", (view) => !hasTask(view));

    const subagent = {
      description: "look",
      prompt: "look [[sleep 1s]][[reply found]]",
      subagent_type: "general-purpose",
    };
    await turn("subagent works", `c ${tool("Agent", subagent)}[[reply told]]`, {
      expect: "working",
      passing: ["idle"],
    });
    await waitFor("the subagent's answer", () => requestsOf("look [[sleep").at(-1)?.repliedAt);
    const asking = { ...subagent, prompt: `look ${tool("Bash", { command: "touch by-subagent" })}` };
    await settled("api");
    await turn("subagent asks", `d ${tool("Agent", asking)}[[reply told]]`, {
      expect: "waiting:permission",
      passing: ["working", "idle"],
    });
  }, 60_000);

  it("R2-05, B2: errors", async () => {
    await spawned("net");
    const fails = (name: string, text: string, kind: string, check?: (view: AgentView) => boolean) =>
      turn(name, `${name} ${text}`, {
        agent: "net",
        isTyped: true,
        expect: `errored:${kind}`,
        ...(check ? { check } : {}),
      });
    const inOneMinute = ({ since, error }: AgentView) =>
      Date.parse(error?.retryAt ?? "") === Date.parse(since) + 60_000;

    await fails("400", "[[error 400]]", "api");
    await fails("500", "[[error 500]]", "api");
    await fails("529", "[[error 529]]", "api");
    await fails("401", "[[error 401]]", "auth");
    await fails("login expires in mid-turn", `${tool("Bash", { command: "echo on" })}[[error 401]]`, "auth");
    await fails("429", "[[error 429 retry-after 1]]", "rate_limit", inOneMinute);
    await fails(
      "usage limit, old words",
      "[[error 429 says Claude usage limit reached. Your limit will reset at 3pm (UTC)]]",
      "usage_limit",
      ({ error }) => /T15:00:00/.test(error?.retryAt ?? ""),
    );
    await fails(
      "usage limit, epoch",
      "[[error 429 says Claude AI usage limit reached|1795300000]]",
      "usage_limit",
      ({ error }) => error?.retryAt === "2026-11-21T22:26:40.000Z",
    );
    const cut = { agent: "net", expect: "errored:api", passing: ["working"] };
    await scenario("connection cut in mid-stream", cut, async () => {
      await command("net", "[[reply some words]][[drop]]");
      return 0;
    });
    await world.model.refuse();
    await scenario("connection refused", { agent: "net", expect: "errored:api", passing: ["working"] }, async () => {
      await command("net", "anybody there?");
      return 0;
    });
    await world.model.accept();
    await turn("and it works again", "better", { agent: "net", expect: "idle", isTyped: true });
  }, 60_000);

  it("R2-05, R3-10: silence, and a request that is tried again", async () => {
    await spawned("slow");
    const isTrying = ({ because }: AgentView) => /it tries again: .*attempt 1/.test(because);
    await scenario(
      "429, and Claude Code waits",
      { agent: "slow", expect: "working", passing: ["idle"], check: isTrying },
      async () => {
        await send("slow", "f [[error 429 retry-after 14 x 1]][[reply at last]]");
        return null;
      },
    );
    await scenario("and has its answer", { agent: "slow", expect: "idle", passing: ["working"] }, async () => {
      await settled("slow");
      return replied("f [[error");
    });
  }, 60_000);

  it("R2-05, R1-07: ends of every kind", async () => {
    const restart = async () => {
      await callOperation(agentStart, { agent: "net", resume: true }, context);
      await settled("net");
    };
    const gone = (pid: number) =>
      waitFor("the process to end", () => (isAlive(pid) ? undefined : Date.now()), { everyMs: 2 });
    const ends = async (name: string, wanted: string, exitCode: number | undefined, act: (pid: number) => unknown) => {
      const pid = watch.of("net").at(-1)?.view.pid ?? 0;
      const check = (view: AgentView) => view.exitCode === exitCode;
      await scenario(
        name,
        { agent: "net", expect: wanted, passing: ["idle", "exited", "starting"], check },
        async () => {
          await act(pid);
          return gone(pid);
        },
      );
    };
    const twice = (key: string, pid: number) =>
      waitFor("it to leave", async () => (isAlive(pid) ? void (await keys("net", key, key)) : true), {
        everyMs: 2_000,
      });
    await ends("SIGKILL", "errored:crash", undefined, (pid) => process.kill(pid, "SIGKILL"));
    await restart();
    await ends("SIGTERM", "exited", 143, (pid) => process.kill(pid, "SIGTERM"));
    await restart();
    await ends("/exit", "exited", 0, () => command("net", "/exit"));
    await restart();
    await ends("Ctrl-C twice", "exited", 0, (pid) => twice("C-c", pid));
    await restart();
    await ends("Ctrl-D twice", "exited", 0, (pid) => twice("C-d", pid));
    await restart();
    await ends("its window is closed", "lost", undefined, () => world.tmux("kill-pane", "-t", pane("net")));

    const refused = callOperation(agentSpawn, { name: "wrong", claudeArgs: ["--no-such-option"] }, context);
    await scenario(
      "an option that Claude Code does not know",
      { agent: "wrong", expect: "errored:launch", passing: ["starting"] },
      async () => {
        await expect(refused).rejects.toMatchObject({ code: "CLAUDE_LAUNCH_FAILED" });
        return null;
      },
    );
    await scenario("the tmux server is killed", { agent: "slow", expect: "lost", passing: ["exited"] }, async () => {
      const pid = watch.of("slow").at(-1)?.view.pid ?? 0;
      await world.tmux("kill-server");
      return gone(pid);
    });
  }, 90_000);

  it("R1-14: every state was right, and none was late", () => {
    const own = rows.filter(({ version }) => version === claude.version);

    expect(own.filter(({ expected, reported }) => expected !== reported)).toEqual([]);
    expect(own.filter(({ ms }) => (ms ?? 0) > LATEST_MS)).toEqual([]);
    expect(own.length).toBeGreaterThan(40);
  });
});

/** A generous bound: the machine may be busy. What the product aims at stands in the table. */
const LATEST_MS = 2_000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
