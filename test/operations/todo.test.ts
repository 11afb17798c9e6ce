import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../src/core/session.ts";
import type { Task } from "../../src/core/task.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { sessionShow } from "../../src/operations/session/show.ts";
import { status } from "../../src/operations/status.ts";
import { taskSubmit } from "../../src/operations/task/submit.ts";
import { taskUpdate } from "../../src/operations/task/update.ts";
import { keepTaskFiles } from "../../src/operations/todo/keep-task-files.ts";
import { mirrorTasks } from "../../src/operations/todo/mirror-tasks.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { waitFor } from "../support/wait-for.ts";

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

const path = (name: string) => join(world.root, name);
const read = (name: string) => readFile(path(name), "utf8");

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(path(name)), { recursive: true });
  await writeFile(path(name), text);
}

describe("the to-do list of a codebase", () => {
  it("R1-22, A3: is the first of three places that holds one, in session show and status", async () => {
    const shown = async () => (await world.call(sessionShow, {})).session.todo;
    expect(await shown()).toBeNull();
    await write(".claude-orch/TODO.md", "- [x] a\n- [ ] b\n- [ ] c (high)\n");
    expect(await shown()).toMatchObject({ path: ".claude-orch/TODO.md", done: 1, total: 3, current: "c" });
    await write("development/TODO.md", "* [ ] mine\n");
    await write("TODO.md", "Nothing with a box.\n");
    expect(await shown()).toMatchObject({ path: "development/TODO.md", total: 1 });
    await write("TODO.md", "- [X] done\n");
    const { sessions } = await world.call(status, {});
    expect(sessions).toMatchObject([{ todo: { path: "TODO.md", done: 1, total: 1, current: null } }]);
    expect(Date.parse(sessions[0]?.todo?.updatedAt ?? "")).toBeGreaterThan(0);
  });
});

describe("task files", () => {
  const TODO = ".claude-orch/TODO.md";
  let session: Session;

  beforeEach(async () => {
    const { session: made } = await world.call(sessionCreate, { name: "shop", root: world.root, protocol: "adder" });
    const found = await world.context.store.sessions.get(made.id);
    if (!found) throw new Error("the session is in the store");
    session = found;
  });

  const submit = async (text: string, more = {}) =>
    (await world.call(taskSubmit, { text, session: "shop", ...more })).task;
  const mirror = () => mirrorTasks(world.context, session);
  const tasks = () => world.context.store.tasks.list({ sessionId: session.id });
  const byTitle = async (title: string): Promise<Task> => {
    const found = (await tasks()).find((task) => task.title === title);
    if (!found) throw new Error(`there is no task ${title}`);
    return found;
  };

  it("R1-30: hold the queue, with owner, state and result, and change with it", async () => {
    const first = await submit("Write the parser", { priority: "high" });
    await submit("Test the parser", { needs: [first.id] });
    expect(await mirror()).toEqual([]);
    expect(await read(TODO)).toMatch(
      /^# Tasks of shop\n[\s\S]*\n\n- \[ \] Write the parser \(high\) <!-- TASK_1 -->\n- \[ \] Test the parser <!-- TASK_2 -->\n$/,
    );
    expect(await read(".claude-orch/tasks/TASK_2.md")).toMatch(
      /- State: blocked: it needs TASK_1[\s\S]*- Needs: TASK_1/,
    );

    const { agent } = await world.call(agentSpawn, { name: "api", session: "shop" });
    await world.context.store.tasks.update(first.id, { state: "running", agentId: agent?.id ?? null });
    await mirror();
    expect(await read(TODO)).toContain("- [ ] Write the parser (high) <!-- TASK_1: api is on it -->");
    await world.context.store.tasks.update(first.id, { state: "done", result: "It parses.", endedAt: 1 });
    await mirror();
    expect(await read(TODO)).toMatch(/- \[x\] Write the parser \(high\) <!-- TASK_1: done by api -->\n/);
    expect(await read(".claude-orch/tasks/TASK_1.md")).toMatch(
      /- State: done[\s\S]*- Owner: api\n[\s\S]*## Result\n\nIt parses\.\n/,
    );
    const before = await read(TODO);
    await mirror();
    expect(await read(TODO)).toBe(before);
  });

  it("A5, R1-08: a tick is progress and no end, a new item one task, a new title and priority count", async () => {
    await submit("Write the parser");
    await mirror();
    const text = await read(TODO);
    await write(
      TODO,
      `${text.replace("[ ] Write the parser", "[x] Write the lexer (urgent)")}- [ ] Write docs (low)\n  with examples\n\nMy own words.\n`,
    );
    // Many at once, as several processes would.
    await Promise.all([mirror(), mirror(), mirror()]);
    await mirror();

    const lexer = await byTitle("Write the lexer");
    expect(lexer).toMatchObject({ number: 1, state: "queued", priority: 9 });
    expect(lexer.reports.map(({ kind, text: said }) => [kind, said])).toEqual([
      ["progress", `Its box was ticked in ${TODO}`],
    ]);
    const docs = await byTitle("Write docs");
    expect(docs).toMatchObject({
      number: 2,
      text: "Write docs\n\nwith examples",
      priority: 3,
      state: "queued",
      onFailure: "fix",
    });
    expect(await tasks()).toHaveLength(2);
    expect(await read(TODO)).toMatch(
      /- \[x\] Write the lexer \(urgent\) <!-- TASK_1 -->\n- \[ \] Write docs \(low\) <!-- TASK_2 -->\n {2}with examples\n\nMy own words\.\n$/,
    );
    expect(await read(".claude-orch/tasks/TASK_2.md")).toContain("# TASK_2: Write docs");
  });

  it("R1-29, A4: under adder a failure leads to a task that mends it, unless somebody says otherwise", async () => {
    expect((await submit("Write the parser")).onFailure).toBe("fix");
    expect((await submit("Write the parser", { onFailure: "none" })).onFailure).toBe("none");
    expect((await world.call(taskSubmit, { text: "Elsewhere", session: "team" })).task.onFailure).toBe("none");
  });

  it("steps that are ticked in a task's file are progress, and its notes stay", async () => {
    await submit("Write the parser");
    await mirror();
    const file = ".claude-orch/tasks/TASK_1.md";
    await write(file, `${await read(file)}- [ ] lexer\n- [ ] grammar\n`);
    await mirror();
    await write(file, (await read(file)).replace("[ ] lexer", "[x] lexer"));
    await mirror();
    await mirror();
    const { reports } = await byTitle("Write the parser");
    expect(reports.map(({ text }) => text)).toEqual([`1 of 2 steps are ticked in ${file}`]);
    expect(await read(file)).toMatch(/progress: 1 of 2 steps[\s\S]*## Notes\n- \[x\] lexer\n- \[ \] grammar\n$/);
  });

  it("are kept together with the queue as long as a process of ours runs, and are as it is when it ends", async () => {
    const stop = new AbortController();
    const keeping = keepTaskFiles({ ...world.context, signal: stop.signal });
    try {
      await submit("Write the parser");
      await waitFor(
        "the list",
        () =>
          read(TODO)
            .then((text) => text.includes("TASK_1") || undefined)
            .catch(() => undefined),
        { timeoutMs: 10_000 },
      );
      await write(TODO, `${await read(TODO)}- [ ] Write docs\n`);
      await waitFor("the task", async () => ((await tasks()).length === 2 ? true : undefined), { timeoutMs: 10_000 });
    } finally {
      await world.call(taskUpdate, { task: "shop/1", priority: "urgent" });
      await submit("The last");
      stop.abort();
      await keeping;
    }
    expect(await read(TODO)).toMatch(
      /parser \(urgent\) <!-- TASK_1 -->[\s\S]*Write docs <!-- TASK_2 -->[\s\S]*The last <!-- TASK_3 -->/,
    );
  }, 30_000);

  it("are not written where nobody asked for them, nor through links, nor over what is no text", async () => {
    const { session: plain } = await world.call(sessionCreate, { name: "plain", root: world.root });
    const without = await world.context.store.sessions.get(plain.id);
    if (!without) throw new Error("the session is in the store");
    expect(await mirrorTasks(world.context, without)).toBeNull();
    const wanted = { ...world.context, settings: { ...world.context.settings, taskFiles: true } };
    expect(await mirrorTasks(wanted, without)).toMatchObject([
      { kind: "left-alone", because: expect.stringContaining("which has the same root") },
    ]);

    await submit("Write the parser");
    await write("elsewhere.md", "precious\n");
    await mkdir(path(".claude-orch"), { recursive: true });
    await symlink(path("elsewhere.md"), path(TODO));
    expect(await mirror()).toMatchObject([{ kind: "left-alone" }]);
    expect(await read("elsewhere.md")).toBe("precious\n");
    await write("elsewhere.md", "- [ ] Somebody else's\n");
    expect(await mirror()).toEqual([{ kind: "left-alone", because: "it is reached through a link" }]);
    expect(await tasks()).toHaveLength(1);
    for (const text of ["x".repeat(5 * 1024 * 1024), Buffer.from([0x61, 0xff])]) {
      await rm(path(TODO));
      await writeFile(path(TODO), text);
      expect(await mirror()).toMatchObject([{ kind: "left-alone" }]);
      expect((await readFile(path(TODO))).length).toBe(text.length);
    }
  });

  it("A5, A6: a line gives nobody more than an agent has: no check, and no more of them than an agent may submit", async () => {
    const lines = ["one", "two", "three", "four", "five"].map((name) => `- [ ] ${name}\n`).join("");
    await write(TODO, lines);
    const slow = { ...world.context, settings: { ...world.context.settings, agentMessagesPerMinute: 3 } };
    expect(await mirrorTasks(slow, session)).toMatchObject([{ kind: "held-back", lines: 2 }]);
    expect(await tasks()).toMatchObject(
      ["one", "two", "three"].map((title) => ({
        title,
        createdBy: "todo-file",
        check: null,
        role: null,
        agentId: null,
      })),
    );
    expect(await read(TODO)).toContain("- [ ] three <!-- TASK_3 -->\n- [ ] four\n- [ ] five\n");
    const { clock } = world.context;
    const later = { ...slow, clock: Object.assign(Object.create(clock), { now: () => clock.now() + 61_000 }) };
    expect(await mirrorTasks(later, session)).toEqual([]);
    expect(await read(TODO)).toContain("- [ ] five <!-- TASK_5 -->\n");
    expect(await tasks()).toHaveLength(5);
  });

  it("A6: at level high a line submits nothing, for nobody said yes; ticks still count", async () => {
    await submit("Write the parser");
    await mirror();
    await write(TODO, `${(await read(TODO)).replace("[ ] Write", "[x] Write")}- [ ] Sneaked in\n`);
    const high: Session = { ...session, securityLevel: "high" };
    expect(await mirrorTasks(world.context, high)).toMatchObject([{ kind: "held-back", lines: 1 }]);
    expect((await tasks()).map(({ title }) => title)).toEqual(["Write the parser"]);
    expect((await byTitle("Write the parser")).reports).toHaveLength(1);
    expect(await read(TODO)).toMatch(/- \[ \] Sneaked in\n$/);
  });

  it("a line that was taken out is back, and its task says why, once", async () => {
    await submit("Write the parser");
    await submit("Write the docs");
    await mirror();
    const whole = await read(TODO);
    for (let round = 0; round < 2; round += 1) {
      await write(TODO, whole.replace(/^.*TASK_1.*\n/m, ""));
      expect(await mirror()).toEqual([{ task: 1, kind: "removed" }]);
    }
    expect((await read(TODO)).match(/TASK_1 /g)).toHaveLength(1);
    expect((await byTitle("Write the parser")).reports.map(({ text }) => text)).toEqual([
      expect.stringMatching(/taken out of .*TODO\.md and is back.*task cancel/),
    ]);
    expect((await byTitle("Write the docs")).reports).toEqual([]);
  });

  it("lines of an earlier session stay as they are: their numbers mean other tasks", async () => {
    const old = "- [x] Build the cart <!-- TASK_1: done by api -->\n- [ ] Pay <!-- TASK_2 -->\n";
    await write(TODO, old);
    await submit("Write the parser");
    await mirror();
    await submit("Write the docs");
    await mirror();
    expect(await mirror()).toEqual([]);
    expect((await tasks()).map(({ title, reports }) => [title, reports.length])).toEqual([
      ["Write the parser", 0],
      ["Write the docs", 0],
    ]);
    const text = await read(TODO);
    expect(text.startsWith(old), text).toBe(true);
    await write(TODO, text.replace("Write the docs", "Write the manual"));
    await mirror();
    expect((await tasks()).map(({ title }) => title)).toEqual(["Write the parser", "Write the manual"]);
  });

  it("what a process that died holds is free", async () => {
    await submit("Write the parser");
    await world.context.store.todoMirrors.acquire(
      session.id,
      { pid: 1, startedAt: "never", token: "gone" },
      () => true,
    );
    expect(await mirror()).toEqual([]);
    expect(await read(TODO)).toContain("TASK_1");
  });
});
