import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Task } from "../../src/core/task.ts";
import { taskCancel } from "../../src/operations/task/cancel.ts";
import { SCHEDULER_DUTY } from "../../src/scheduler/names.ts";
import { noteReport } from "../../src/scheduler/note-report.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";
import { makeTask } from "../support/task-records.ts";
import { waitFor } from "../support/wait-for.ts";

const BIN = new URL("../../bin/run.js", import.meta.url).pathname;

/** Writes down who runs, and each one that ran before and lives on; the first run never ends by itself. */
const CHECK = `
for pid in $(cat pids 2>/dev/null); do
  case $(ps -o stat= -p $pid) in ""|Z*) ;; *) echo "$pid lives beside $$" >>overlaps ;; esac
done
[ -f pids ] || wait=yes
sleep 600 & echo "$$ $!" >>pids
[ "$wait" ] && wait
kill $!
`;

let world: FakeWorld;
let worker: ChildProcess | undefined;
beforeEach(async () => {
  world = await openFakeWorld({ PATH: process.env.PATH ?? "" });
});
afterEach(async () => {
  worker?.kill("SIGKILL");
  for (const pid of await pids()) world.context.processes.kill(pid, "SIGKILL");
  await world.dispose();
});

function startWorker(): void {
  worker = spawn(process.execPath, [BIN, "worker"], {
    cwd: world.root,
    env: world.context.caller.env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

const read = (name: string) => readFile(join(world.root, name), "utf8").catch(() => "");
const pids = async () => (await read("pids")).split(/\s+/).filter(Boolean).map(Number);
const alive = async () => (await pids()).filter((pid) => world.context.processes.identify(pid) !== undefined);

/** A task whose check runs, though the process that started it was killed. */
async function orphan(): Promise<Task> {
  const { store } = world.context;
  const [session] = await store.sessions.list();
  const check = ["sh", "-c", CHECK];
  const [task] = await store.tasks.insert([makeTask({ sessionId: session?.id ?? "", text: "Work.", check })]);
  if (!task) throw new Error("inserted");
  startWorker();
  const current = async () => (await store.tasks.get(task.id)) ?? task;
  await waitFor("its prompt", async () => ((await current()).attempts[0]?.messageIds.length === 1 ? true : undefined));
  await noteReport(world.context, task.id, { kind: "result", text: "Done." });
  await waitFor("its check", async () => ((await pids()).length === 2 ? true : undefined));
  worker?.kill("SIGKILL");
  await waitFor("the end of the worker", () => (worker?.signalCode === null ? undefined : true));
  expect(await alive()).toHaveLength(2);
  expect((await current()).checker?.pid).toBe((await pids())[0]);
  return current();
}

it("R3-06 R4-64: a check that outlived its killed scheduler is ended with all its children before it runs again", async () => {
  const task = await orphan();

  startWorker();
  const done = await waitFor("the end of the task", async () => {
    const now = await world.context.store.tasks.get(task.id);
    return now?.state === "done" ? now : undefined;
  });

  expect(done).toMatchObject({ checker: null, attempts: [{ outcome: "done", checks: [{ exitCode: 0 }] }] });
  expect(await read("overlaps")).toBe("");
  expect(await pids()).toHaveLength(4);
  expect(await alive()).toEqual([]);
}, 40_000);

it("R3-38: cancelling its task ends it, too, also when another scheduler has come that did not start it", async () => {
  const task = await orphan();
  const { store, processes } = world.context;
  const came = await store.duties.take(SCHEDULER_DUTY, { ...processes.self(), token: "me" }, (it) =>
    processes.isAlive(it),
  );
  expect(came).toBe(true);

  await world.call(taskCancel, { task: task.id });

  expect(await alive()).toEqual([]);
}, 40_000);
