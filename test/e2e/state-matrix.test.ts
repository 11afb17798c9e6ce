import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { BackendName } from "../../src/core/session.ts";
import { agentInterrupt } from "../../src/operations/agent/interrupt.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { callOperation } from "../../src/operations/call.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { isFullDepth } from "../support/depth.ts";
import { waitFor } from "../support/wait-for.ts";
import { LATEST_MS, matrixTable, type Row } from "./support/matrix-table.ts";
import { PersonInTab } from "./support/person-in-tab.ts";
import { type Expected, StateStage } from "./support/state-stage.ts";

/**
 * Every state and cause on the real program: what is expected against what the product reports, and the time between the
 * event (as the model, the process table or Claude Code's own file tells it) and the report.
 */
const BACKENDS: readonly BackendName[] = isFullDepth ? ["tmux", "headless"] : ["tmux"];

const rows: Row[] = [];
afterAll(() => {
  // For people: the table is what this file is for.
  process.stdout.write(`\n${matrixTable(rows)}\n`);
});

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

const bash = (command: string, more: object = {}) => tool("Bash", { command, description: "A step", ...more });

/** Both versions take as long again: only where that is asked for. */
const matrix = claudeVersions("newest").flatMap((claude) => BACKENDS.map((backend) => ({ claude, backend })));

/** One scenario goes on where the one before it ended: none can be tried once more. */
const ONCE = { retry: 0 };

describe.each(matrix)("states of Claude Code $claude.version in $backend", ONCE, ({ claude, backend }) => {
  let stage: StateStage;
  let person: PersonInTab;
  /** What is typed into a terminal, or shown in it, does not apply where there is none. */
  const hasTab = backend === "tmux";

  afterAll(() => stage?.close(), 60_000);

  it("R2-05, R3-10, B2: starting and ready", async () => {
    stage = await StateStage.open(claude, backend, rows);
    person = new PersonInTab(stage);
    const { world, context, watch } = stage;
    await stage.scenario("launched", { agent: "api", expect: "starting", passing: ["idle"] }, async () => {
      const { agent } = await callOperation(agentSpawn, { name: "api" }, context);
      return (await stat(path.join(world.home, "agents", agent?.id ?? "", "pid"))).mtimeMs;
    });
    await watch.until("api", "idle", 0);
    stage.row("ready for a prompt", "idle", watch.of("api").at(-1)?.label ?? "", null);
  }, 30_000);

  /** Silences that nothing can shorten go on beside other scenarios, each on an agent of its own. */
  const silences: Promise<void>[] = [];

  async function longSilence(): Promise<void> {
    const text = "q [[reply so far]][[sleep 31s]][[reply so good]]";
    const quiet = { agent: "quiet", expect: "idle", passing: ["working"], timeoutMs: 50_000 };
    await stage.scenario("31 s of silence in mid-stream", quiet, async () => {
      await stage.send("quiet", text);
      return stage.replied(text, 50_000);
    });
  }

  async function triesAgain(): Promise<void> {
    const check = ({ because }: AgentView) => /it tries again: .*attempt 1/.test(because);
    const slow = { agent: "slow", expect: "working", passing: ["idle"], check };
    await stage.scenario("429, and Claude Code waits", slow, async () => {
      // A screen is only read after some silence.
      await stage.send("slow", `f [[error 429 retry-after ${hasTab ? 14 : 3} x 1]][[reply at last]]`);
      return hasTab ? null : stage.asked("f [[error");
    });
    await stage.scenario("and has its answer", { agent: "slow", expect: "idle", passing: ["working"] }, async () => {
      await stage.settled("slow");
      return stage.replied("f [[error");
    });
  }

  it("R2-05, B2: without a connection", async () => {
    await stage.spawned("net");
    const { model } = stage.world;
    await model.refuse();
    const refused = { agent: "net", expect: "errored:api", passing: ["working"] };
    await stage.scenario("connection refused", refused, async () => {
      await stage.speak("net", "anybody there?");
      return 0;
    });
    await model.accept();
    await stage.turn("and it works again", "better", { agent: "net", expect: "idle", isSpoken: true });

    await Promise.all(["quiet", "slow"].map((name) => stage.spawned(name)));
    silences.push(longSilence(), triesAgain());
    for (const silence of silences) silence.catch(() => undefined);
  }, 60_000);

  it("R2-05, R1-14: turns, and what their agents ask", async () => {
    const sent = { agent: "api", expect: "working", passing: ["idle"] };
    const working = await stage.scenario("prompt sent", sent, async () => {
      await stage.send("api", "a [[sleep 300ms]]");
      return stage.asked("a [[sleep");
    });
    const idle: Expected = { agent: "api", expect: "idle", passing: ["working"] };
    await stage.scenario("answered", { ...idle, after: working }, () => stage.replied("a [[sleep"));

    const asks = async (name: string, text: string, kind: string) => {
      await stage.turn(name, text, { expect: `waiting:${kind}` });
      await stage.scenario(`${name}: declined`, idle, async () => {
        if (hasTab) return person.dismiss("api");
        await stage.respond("api", { deny: true });
        return stage.replied(text);
      });
    };
    await asks("permission", bash("touch made"), "permission");
    await asks("question", tool("AskUserQuestion", { questions: QUESTIONS.one }), "question");
    await asks("question, several options", tool("AskUserQuestion", { questions: QUESTIONS.multi }), "question");
    const several = [...QUESTIONS.one, ...QUESTIONS.multi];
    await asks("several questions", tool("AskUserQuestion", { questions: several }), "question");

    await stage.turn("another permission", bash("touch allowed && sleep 1"), { expect: "waiting:permission" });
    await stage.scenario("allowed, its tool runs", { agent: "api", expect: "working" }, () =>
      stage.respond("api", { allow: true }),
    );
    await stage.settled("api");
  }, 60_000);

  it("R2-05, R1-14: plans", async () => {
    await stage.spawned("planner", { permissionMode: "plan" });
    const decides = async (name: string, answer: { allow: true } | { deny: true; text: string }) => {
      const text = `${name} ${tool("ExitPlanMode", { plan: `Make it ${name}` })}`;
      await stage.turn(`plan, to be ${name}`, text, { agent: "planner", expect: "waiting:plan" });
      // On a busy machine the session file says so for some 200 ms more when the hook has its answer already.
      const passing = ["working", "waiting:permission"];
      await stage.scenario(`plan ${name}`, { agent: "planner", expect: "idle", passing }, async () => {
        await stage.respond("planner", answer);
        return stage.replied(text);
      });
    };
    await decides("refused", { deny: true, text: "smaller" });
    await decides("approved", { allow: true });
  }, 30_000);

  it.runIf(hasTab)(
    "R2-05: a person in the tab",
    async () => {
      await person.type("api", "half a thought");
      await stage.scenario("draft in the box", { agent: "api", expect: "idle" }, () => stage.stays("api"));
      await person.keys("api", "C-c");
      await person.shows("api", (screen) => !screen.includes("half a thought") && !screen.includes("again to exit"));

      await stage.scenario("a prompt of theirs", { agent: "api", expect: "working", passing: ["idle"] }, async () => {
        await person.command("api", "theirs [[stream 60 x 100ms]]");
        return stage.asked("theirs");
      });
      await person.shows("api", (screen) => screen.includes("piece 2"));
      await stage.scenario("Esc in mid-stream", { agent: "api", expect: "idle" }, () => person.keys("api", "Escape"));
      await person.emptyBox("api");
      await stage.send("api", "e [[sleep 20s]]");
      await stage.scenario("Esc before the first word", { agent: "api", expect: "idle", passing: ["working"] }, () =>
        person.keys("api", "Escape"),
      );
      await person.shows("api", (screen) => !screen.includes("esc to interrupt"));
      await person.emptyBox("api");

      await stage.scenario("!command", { agent: "api", expect: "working", passing: ["idle"] }, async () => {
        await person.keys("api", "!");
        await person.type("api", "sleep 1");
        return person.keys("api", "Enter");
      });
      await stage.settled("api");
      await stage.scenario("panel (/cost)", { agent: "api", expect: "waiting:dialog" }, () =>
        person.command("api", "/cost"),
      );
      // What the panel says may be reported a moment after that it is there.
      const closed = { agent: "api", expect: "idle", passing: ["waiting:dialog"] };
      await stage.scenario("panel closed", closed, () => person.dismiss("api"));
      await stage.scenario("unknown /command", { agent: "api", expect: "idle", passing: ["working"] }, async () => {
        await person.command("api", "/nonsense");
        await person.shows("api", (screen) => /Unknown (?:slash )?command|Unknown skill/.test(screen));
        return stage.stays("api");
      });
      const before = stage.watch.of("api").at(-1)?.view.conversationId;
      await stage.scenario("/compact", { agent: "api", expect: "working", passing: ["idle"] }, () =>
        person.command("api", "/compact"),
      );
      await stage.settled("api");
      await person.command("api", "/clear");
      await waitFor("another conversation", async () => {
        await callOperation(agentList, {}, stage.context);
        return (await stage.context.program(backend))
          .currentConversation(await stage.stored("api"))
          .then((id) => (id && id !== before ? true : undefined));
      });
      await stage.scenario("/clear", { agent: "api", expect: "idle", passing: ["working"] }, () => stage.stays("api"));
    },
    60_000,
  );

  it.runIf(!hasTab)(
    "R2-05: interrupted without a tab",
    async () => {
      stage.absent(["draft in the box", "a prompt of theirs"], "no box that a person could type into");
      stage.absent(["!command", "panel (/cost)", "unknown /command", "/compact", "/clear"], "no commands: texts only");
      const interrupt = async () => {
        const at = Date.now();
        await callOperation(agentInterrupt, { agent: "api" }, stage.context);
        return at;
      };
      const idle = { agent: "api", expect: "idle", passing: ["working"] };
      await stage.send("api", "g [[stream 60 x 100ms]]");
      await stage.asked("g [[stream");
      await stage.scenario("interrupted in mid-stream", idle, interrupt);
      await stage.send("api", "e [[sleep 20s]]");
      await stage.asked("e [[sleep");
      await stage.scenario("interrupted before the first word", idle, interrupt);
      await stage.turn("permission for a long tool", bash("touch long && sleep 20"), { expect: "waiting:permission" });
      await stage.respond("api", { allow: true });
      await stage.scenario("interrupted while a tool runs", idle, interrupt);
    },
    60_000,
  );

  it("R2-05, R3-10: work that goes on in the background", async () => {
    const hasTask = ({ because }: AgentView) => because.includes("1 background task");
    const started = await stage.turn(
      "background shell",
      // What follows the tool is also played when its end wakes the agent: a turn that lasts can be seen.
      `b ${bash("sleep 3", { run_in_background: true })}[[sleep 500ms]][[reply started]]`,
      {
        expect: "idle",
        check: hasTask,
      },
    );
    await stage.scenario(
      "background shell wakes the agent",
      { agent: "api", expect: "working", passing: ["idle"], after: started },
      async () => null,
    );
    await stage.settled("api", { check: (view) => !hasTask(view) });

    const subagent = {
      description: "look",
      prompt: "look [[sleep 1s]][[reply found]]",
      subagent_type: "general-purpose",
    };
    await stage.turn("subagent works", `c ${tool("Agent", subagent)}[[reply told]]`, {
      expect: "working",
      passing: ["idle"],
    });
    await stage.replied("look [[sleep");
    const asking = { ...subagent, prompt: `look ${bash("touch by-subagent")}` };
    await stage.settled("api");
    await stage.turn("subagent asks", `d ${tool("Agent", asking)}[[reply told]]`, {
      expect: "waiting:permission",
      passing: ["working", "idle"],
    });
    await stage.scenario("subagent is allowed", { agent: "api", expect: "idle", passing: ["working"] }, async () => {
      await stage.respond("api", { allow: true });
      return null;
    });
  }, 60_000);

  it("R2-05, B2: errors", async () => {
    const fails = (name: string, text: string, kind: string, check?: (view: AgentView) => boolean) =>
      stage.turn(name, `${name} ${text}`, {
        agent: "net",
        isSpoken: true,
        expect: `errored:${kind}`,
        ...(check ? { check } : {}),
      });
    const inOneMinute = ({ since, error }: AgentView) =>
      Date.parse(error?.retryAt ?? "") === Date.parse(since) + 60_000;

    await fails("400", "[[error 400]]", "api");
    await fails("500", "[[error 500]]", "api");
    await fails("529", "[[error 529]]", "api");
    await fails("401", "[[error 401]]", "auth");
    await fails("login expires in mid-turn", `${bash("echo on")}[[error 401]]`, "auth");
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
    await stage.scenario("connection cut in mid-stream", cut, async () => {
      await stage.speak("net", "[[reply some words]][[drop]]");
      return 0;
    });
    await stage.turn("and it works once more", "best", { agent: "net", expect: "idle", isSpoken: true });
  }, 60_000);

  it("R2-05, B2, B7: a subscriber's limit and login", async () => {
    await stage.spawned("plan", { env: SUBSCRIBER });
    const isOffered = ({ waitingFor }: AgentView) => waitingFor?.options?.[0] === "Stop and wait for limit to reset";
    // Of a nearer one, 2.1.330 shows no dialog: it says that it goes on by itself.
    const resetsAt = Math.ceil(Date.now() / 1000) + 3 * 24 * 3600;
    const isKnown = ({ error }: AgentView) => Math.abs(Date.parse(error?.retryAt ?? "") - resetsAt * 1000) < 60_000;
    await stage.turn("weekly limit", `[[limit seven_day ${resetsAt}]]`, {
      agent: "plan",
      expect: "errored:usage_limit",
      check: (view) => isKnown(view) && (!hasTab || isOffered(view)),
    });
    if (hasTab) {
      const still = { agent: "plan", expect: "errored:usage_limit", check: (view: AgentView) => !isOffered(view) };
      await stage.scenario("its dialog is closed", still, () =>
        person.dismiss("plan", () => stage.watch.of("plan").at(-1)?.view.waitingFor === undefined),
      );
    } else stage.absent(["its dialog is closed"], "no dialogs");
    await stage.turn("login expires in mid-turn, subscriber", `${bash("echo on")}[[error 401]]`, {
      agent: "plan",
      expect: "errored:auth",
      passing: ["working", "errored:usage_limit"],
      isSpoken: true,
    });
  }, 60_000);

  it.runIf(hasTab)(
    "R2-05, R3-10: what Claude Code asks before it is ready",
    async () => {
      const { root } = stage.world.sandbox;
      const served = path.join(root, "served");
      await mkdir(served);
      await writeFile(path.join(served, ".mcp.json"), '{"mcpServers":{"probe":{"command":"true"}}}');
      const untrusted = await realpath(await mkdtemp(path.join(tmpdir(), "untrusted-")));
      const asks = async (name: string, title: RegExp, spawn: { name: string; session: string; env?: string[] }) => {
        const check = ({ waitingFor }: AgentView) => title.test(waitingFor?.summary ?? "");
        const asked = { agent: spawn.name, expect: "waiting:dialog", passing: ["starting"], check };
        await stage.scenario(name, asked, async () => {
          const before = await person.newestPane();
          const spawning = callOperation(agentSpawn, spawn, stage.context);
          const [at] = await Promise.all([person.newPaneShows(before, /❯/), spawning]);
          return at;
        });
        // A dialog that is still being drawn may be another one a moment later.
        const answered = { agent: spawn.name, expect: "idle", passing: ["starting", "waiting:dialog"] };
        await stage.scenario(`${name}: answered`, answered, async () => {
          await stage.respond(spawn.name, { allow: true });
          return null;
        });
      };
      try {
        await callOperation(sessionCreate, { root: served, name: "served", trust: true, backend }, stage.context);
        await callOperation(sessionCreate, { root: untrusted, name: "untrusted", backend }, stage.context);
        await asks("MCP server approval", /MCP server/, { name: "served", session: "served" });
        await asks("trust", /trust the files/, { name: "stranger", session: "untrusted" });
        const env = ["ANTHROPIC_API_KEY=sk-ant-never-approved-by-anybody-0987654321"];
        await asks("API key", /API key/, { name: "keyed", session: "shop", env });
      } finally {
        await rm(untrusted, { recursive: true, force: true });
      }
    },
    60_000,
  );

  it.runIf(!hasTab)("R2-05, R3-10: nothing is asked before it is ready", () => {
    stage.absent(["subagent asks in its tab"], "no tab");
    stage.absent(["MCP server approval", "trust", "API key"], "asks nothing at its start");
  });

  it("R2-05, R3-10: silence, and a request that is tried again", async () => {
    await Promise.all(silences);
  }, 60_000);

  it("R2-05, R1-07: ends of every kind", async () => {
    const { watch, world } = stage;
    const restart = async () => {
      await callOperation(agentStart, { agent: "net", resume: true }, stage.context);
      await stage.settled("net");
    };
    const gone = (pid: number) =>
      waitFor("the process to end", () => (isAlive(pid) ? undefined : Date.now()), { everyMs: 2 });
    const ends = async (name: string, wanted: string, exitCode: number | undefined, act: (pid: number) => unknown) => {
      const pid = watch.of("net").at(-1)?.view.pid ?? Number.NaN;
      const check = (view: AgentView) => view.exitCode === exitCode;
      const passing = ["idle", "exited", "starting"];
      await stage.scenario(name, { agent: "net", expect: wanted, passing, check }, async () => {
        await act(pid);
        return gone(pid);
      });
    };
    await ends("SIGKILL", "errored:crash", undefined, (pid) => process.kill(pid, "SIGKILL"));
    await restart();
    await ends("SIGTERM", "exited", 143, (pid) => process.kill(pid, "SIGTERM"));
    await restart();
    await ends("SIGHUP", "exited", 129, (pid) => process.kill(pid, "SIGHUP"));
    await restart();
    if (hasTab) {
      const twice = (key: string, pid: number) =>
        waitFor("it to leave", async () => (isAlive(pid) ? void (await person.keys("net", key, key)) : true), {
          everyMs: 2_000,
        });
      await ends("/exit", "exited", 0, () => person.command("net", "/exit"));
      await restart();
      await ends("Ctrl-C twice", "exited", 0, (pid) => twice("C-c", pid));
      await restart();
      await ends("Ctrl-D twice", "exited", 0, (pid) => twice("C-d", pid));
      await restart();
      const pane = watch.of("net").at(-1)?.view.terminal ?? "";
      await ends("its window is closed", "lost", undefined, () => world.tmux("kill-pane", "-t", pane));
    } else {
      stage.absent(["/exit", "Ctrl-C twice", "Ctrl-D twice", "its window is closed"], "no keys, no window");
      stage.absent(["its input is closed"], "it holds its own input open, so that it has no end");
      const folder = async () => path.join(world.home, "headless", (await stage.stored("net")).terminal?.tag ?? "");
      // Nothing is left that could tell a kill from a restart of the machine.
      await ends("it and its holder are killed", "lost", undefined, async (pid) => {
        const holder = JSON.parse(await readFile(path.join(await folder(), "holder.json"), "utf8")) as { pid: number };
        process.kill(holder.pid, "SIGKILL");
        process.kill(pid, "SIGKILL");
      });
      await restart();
      const pid = watch.of("net").at(-1)?.view.pid ?? Number.NaN;
      await stage.scenario("its folder is removed", { agent: "net", expect: "lost" }, async () => {
        await rm(await folder(), { recursive: true });
        return Date.now();
      });
      await restart();
      expect(isAlive(pid), "the one that could not be reached any more").toBe(false);
    }

    const refused = callOperation(agentSpawn, { name: "wrong", claudeArgs: ["--no-such-option"] }, stage.context);
    await stage.scenario(
      "an option that Claude Code does not know",
      { agent: "wrong", expect: "errored:launch", passing: ["starting"] },
      async () => {
        await expect(refused).rejects.toMatchObject({ code: "CLAUDE_LAUNCH_FAILED" });
        return null;
      },
    );
    if (!hasTab) return stage.absent(["the tmux server is killed"], "no server");
    await stage.scenario(
      "the tmux server is killed",
      { agent: "slow", expect: "lost", passing: ["exited"] },
      async () => {
        const pid = watch.of("slow").at(-1)?.view.pid ?? Number.NaN;
        await world.tmux("kill-server");
        return gone(pid);
      },
    );
  }, 90_000);

  it("R1-14: every state was right, and none was late", () => {
    const own = rows.filter((row) => row.version === claude.version && row.backend === backend);

    expect(own.filter(({ expected, reported }) => expected !== reported)).toEqual([]);
    expect(own.filter(({ ms }) => (ms ?? 0) > LATEST_MS)).toEqual([]);
    expect(own.filter(({ whyNot }) => whyNot === undefined).length).toBeGreaterThan(hasTab ? 60 : 45);
  });
});

/** A made-up token of a subscriber, without a login that could be renewed over the network. */
const SUBSCRIBER = ["ANTHROPIC_API_KEY=", "CLAUDE_CODE_OAUTH_TOKEN=sk-ant-oat01-made-up-token-for-tests-0123456789"];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
