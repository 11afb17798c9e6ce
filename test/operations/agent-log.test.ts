import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { AgentEventView } from "../../src/core/agent-event.ts";
import { fingerprint, readResource } from "../../src/mcp/resource-reader.ts";
import { Resources } from "../../src/mcp/resources.ts";
import { agentAssignRole } from "../../src/operations/agent/assign-role.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { resumeHeld } from "../../src/operations/agent/delivery/resume.ts";
import { agentLog } from "../../src/operations/agent/log.ts";
import { agentRespond } from "../../src/operations/agent/respond.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentShow } from "../../src/operations/agent/show.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import { operations } from "../../src/operations/index.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { sessionRestore } from "../../src/operations/session/restore.ts";
import { taskLogs } from "../../src/operations/task/logs.ts";
import type { LogEntry } from "../../src/operations/task/read-log.ts";
import { taskReport } from "../../src/operations/task/report.ts";
import { taskShow } from "../../src/operations/task/show.ts";
import { taskSubmit } from "../../src/operations/task/submit.ts";
import { taskWait } from "../../src/operations/task/wait.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";
import { waitFor } from "../support/wait-for.ts";

const FAILS = `${process.execPath} -e 'console.log("two tests failed"); process.exit(3)'`;

let world: FakeWorld;
afterEach(() => world.dispose());

const send = (agent: string, text: string, more: Record<string, unknown> = {}) =>
  world.call(agentSend, { agent, text, wait: true, ...more });
const log = async (agent: string, more: Record<string, unknown> = {}) =>
  (await world.call(agentLog, { agent, ...more })).events;
const kinds = (events: readonly AgentEventView[]) => events.map(({ kind }) => kind);

/** What a reboot leaves: files, and no process. */
async function reboot(): Promise<void> {
  const folder = join(world.context.home, "fake");
  for (const name of await readdir(folder)) if (/^fake-\d+\.json$/.test(name)) await rm(join(folder, name));
}

/** All that can happen with an agent in one run; its texts hold the word sesame. */
async function liveThrough(): Promise<AgentView> {
  const agent = await world.spawn("api");
  await send("api", 'sesame [[tool Bash {"command":"KEY=sesame curl -H sesame"}]]');
  const asking = send("api", '[[permission Bash {"command":"rm -r build"}]] [[reply sesame]]');
  await waitFor("its request", async () => {
    const { state } = (await world.call(agentShow, { agent: "api" })).agent;
    return state === "waiting" ? state : undefined;
  });
  await world.call(agentRespond, { agent: "api", allow: true });
  await asking;
  expect(await codeOf(send("api", "sesame [[error 529 says Overloaded]]"))).toBe("ANSWER_FAILED");
  await world.call(agentAssignRole, { agent: "api", role: "reviewer" });
  await world.call(agentSpawn, { name: "below", parent: "api" });
  await reboot();
  await world.call(sessionRestore, {});
  await world.call(agentClear, { agent: "api" });
  return agent;
}

describe("agent log", () => {
  it("R3-44: tells what happened, oldest first, each kind found by field, from the first launch to the end", async () => {
    world = await openFakeWorld();
    const agent = await liveThrough();

    const events = await log("api");

    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    expect(kinds(events).slice(0, 10)).toEqual([
      ...["lifecycle.spawned", "lifecycle.launched", "lifecycle.ready"],
      ...["message.queued", "message.typed", "message.submitted", "message.recorded"],
      ...["tool.used", "message.answered", "usage"],
    ]);
    const find = (kind: string) => events.find((event) => event.kind === kind);
    expect(find("message.answered")).toMatchObject({ durationMs: expect.any(Number), isError: false });
    expect(find("usage")?.usage?.outputTokens).toBeGreaterThan(0);
    expect(find("tool.used")).toMatchObject({ tool: "Bash", summary: "Bash curl" });
    const requestId = find("request.asked")?.requestId;
    expect(find("request.asked")).toMatchObject({ tool: "Bash", summary: expect.stringContaining("rm -r build") });
    expect(find("request.answered")).toMatchObject({ requestId, outcome: "allowed", by: "operator" });
    expect(find("error.api")).toMatchObject({ summary: expect.stringContaining("Overloaded") });
    expect(find("lifecycle.role-changed")).toMatchObject({ role: "reviewer" });
    expect(find("lifecycle.child-spawned")).toMatchObject({ child: { name: "below" } });
    expect(find("lifecycle.restored")).toMatchObject({ outcome: "resumed" });
    expect(kinds(events).filter((kind) => kind === "lifecycle.launched")).toHaveLength(3);
    expect(kinds(events)).toContain("lifecycle.cleared");
    expect(JSON.stringify(events)).not.toContain("sesame");
    // Nothing of it is told twice, and nothing changes by looking.
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(events.length);
    expect(await log(agent.id)).toEqual(events);
  }, 30_000);

  it("R3-44: is the resource orch://agents/{id}/log, and says of a task what task logs says", async () => {
    world = await openFakeWorld();
    const { task } = await world.call(taskSubmit, { text: "Count. [[sleep 500ms]]", check: FAILS });
    const waiting = world.call(taskWait, { tasks: [task.id], timeout: "40s" });
    const agentId = await waitFor("its agent", async () => {
      const { state, attempts } = (await world.call(taskShow, { task: task.id })).task;
      return state === "running" ? (attempts[0]?.agentId ?? undefined) : undefined;
    });
    const worker = world.as({ kind: "worker", agentId, sessionId: task.session.id });
    await world.call(taskReport, { kind: "progress", text: "half of\nthem" }, worker);
    await waiting;

    const { entries } = await world.call(taskLogs, { task: task.id });
    const told = entries.filter(({ kind }) => kind === "report" || kind === "check" || kind === "error");
    const events = await log(agentId);
    const ofTask = events.filter(({ task: about, text }) => about?.id === task.id && text !== undefined);
    const content = (one: Pick<LogEntry, "at" | "text" | "exitCode">) => [one.at, one.text, one.exitCode];
    expect(ofTask.map(content)).toEqual(told.map(content));
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(["report", "check", "error"]));
    const says = (kind: string) => events.find((event) => event.kind === kind)?.summary;
    expect(["task.started", "task.checked", "task.ended"].map(says)).toEqual([
      `TASK_1: ${task.title}`,
      "TASK_1: check failed with exit 3",
      "TASK_1 failed: its check exited with 3, 4 times",
    ]);

    const asManager = { ...world.context, ...world.as({ kind: "manager" }) };
    const resources = new Resources(operations, { kind: "manager" });
    const { contents } = await readResource(resources, `orch://agents/${agentId}/log`, asManager);
    const [resource] = contents as { text: string }[];
    expect(JSON.parse(resource?.text ?? "")).toEqual(
      JSON.parse(JSON.stringify(await world.call(agentLog, { agent: agentId }))),
    );

    // What subscribers are told of: news, and not a second look.
    const print = () => fingerprint(resources, `orch://agents/${agentId}/log`, asManager);
    const before = await print();
    expect(await print()).toBe(before);
    await send(agentId, "news");
    expect(await print()).not.toBe(before);
  }, 60_000);

  it("tells an error once, with what is known of it, and its recovery", async () => {
    world = await openFakeWorld();
    await world.spawn("broken");
    await world.spawn("limited");
    expect(await codeOf(send("broken", "[[error 529 says Overloaded]]"))).toBe("ANSWER_FAILED");
    const until = Math.floor(world.context.clock.now() / 1000) - 1;
    await world.call(agentSend, { agent: "limited", text: `[[limit five_hour ${until}]]` });
    const errors = async (agent: string) => (await log(agent)).filter(({ kind }) => kind.startsWith("error."));
    await waitFor("the limit", async () => ((await errors("limited")).length > 0 ? true : undefined));

    expect(await errors("broken")).toMatchObject([{ kind: "error.api" }]);
    expect(await errors("limited")).toMatchObject([
      { kind: "error.usage_limit", retryAt: new Date(until * 1000).toISOString() },
    ]);
    const told = await errors("limited");
    await resumeHeld(world.context);
    await send("limited", "go on");
    // It stays what it was when nothing but the transcript tells of it any more.
    expect((await errors("limited"))[0]).toEqual(told[0]);
    expect((await errors("limited")).map(({ kind }) => kind)).toEqual(["error.usage_limit", "error.recovered"]);
  });

  it("takes a span of time, tells what is asked now, and who may read it", async () => {
    world = await openFakeWorld({ CLAUDE_ORCH_LOG_LEVEL: "error" });
    const agent = await world.spawn("api");
    await world.call(agentSend, { agent: "api", text: '[[permission Write {"file_path":"/tmp/x"}]]' });
    await world.call(agentWait, { agents: ["api"], state: "waiting", timeout: "5s" });

    // Without a log, the last launch is known all the same.
    const events = await log("api");
    expect(kinds(events).slice(0, 3)).toEqual(["lifecycle.spawned", "lifecycle.launched", "message.queued"]);
    expect(kinds(events).filter((kind) => kind === "request.asked")).toHaveLength(1);
    const real = world.context.clock;
    const later = { clock: overriding(real, { now: () => real.now() + 3_600_000 }) };
    expect((await world.call(agentLog, { agent: "api", since: "30m" }, later)).events).toEqual([]);
    expect(await log("api", { since: "1h" })).toEqual(events);

    const own = world.as({ kind: "worker", agentId: agent.id, sessionId: agent.session.id });
    expect((await world.call(agentLog, { agent: "api" }, own)).events).toEqual(events);
    await world.call(sessionCreate, { name: "other" });
    const { agent: foreign } = await world.call(agentSpawn, { name: "foreign", session: "other" });
    expect(await codeOf(world.call(agentLog, { agent: foreign?.id }, own))).toBe("PERMISSION_DENIED");
    expect(await codeOf(world.call(agentLog, { agent: "api", since: "soon" }))).toBe("INVALID_INPUT");
  });
});

describe("R4-69: the structured log", () => {
  const lines = async () => {
    const folder = join(world.context.home, "logs");
    const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
    return texts
      .flatMap((text) => text.trim().split("\n"))
      .map((line) => JSON.parse(line) as { event: string; level: string; agentId?: string; [field: string]: unknown });
  };

  it("holds one line of each kind, found by its fields, without texts at info", async () => {
    world = await openFakeWorld();
    const { id } = await liveThrough();

    const written = (await lines()).filter(({ agentId }) => agentId === id);

    const events = new Set(written.map(({ event }) => event));
    // Lifecycle, messages and responses, recovery.
    for (const event of ["agent.opened", "agent.ready", "agent.role-assigned", "agent.cleared", "agent.ended"])
      expect(events).toContain(event);
    for (const event of ["message.queued", "message.recorded", "message.answered", "request.answered"])
      expect(events).toContain(event);
    expect(events).toContain("agent.restored");
    // Resource usage, errors.
    expect(written.find(({ usage }) => usage)).toMatchObject({ usage: { outputTokens: expect.any(Number) } });
    expect(written.find(({ isError }) => isError === true)).toMatchObject({ level: "warn", event: "message.answered" });
    expect(JSON.stringify(await lines())).not.toContain("sesame");
  }, 30_000);

  it("holds the texts at debug", async () => {
    world = await openFakeWorld({ CLAUDE_ORCH_LOG_LEVEL: "debug" });
    await world.spawn("api");
    await send("api", "open [[reply sesame]]");

    const texts = (await lines()).filter(({ text }) => text !== undefined);

    expect(texts).toMatchObject([
      { event: "message.text", level: "debug", text: "open [[reply sesame]]" },
      { event: "message.answer-text", level: "debug", text: "sesame" },
    ]);
  });
});
