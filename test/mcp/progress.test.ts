import type { Progress as ProgressParams } from "@modelcontextprotocol/sdk/types.js";
import { expect, test, vi } from "vitest";
import { createProgressReporter } from "../../src/mcp/progress-reporter.ts";
import { connect } from "./support/connect.ts";
import { ManualClock } from "./support/manual-clock.ts";

function reporter() {
  const clock = new ManualClock();
  const sent: { progress: number; total?: number | undefined; message?: string | undefined }[] = [];
  const made = createProgressReporter("t", clock, (params) => void sent.push(params));
  return { clock, sent, ...made };
}

test("progress grows with every notification, also when nothing moved", () => {
  const { clock, sent, report } = reporter();

  report({ message: "a", done: 0, total: 3 });
  clock.advance(1000);
  report({ message: "b", done: 0, total: 3 });
  clock.advance(1000);
  report({ message: "c", done: 1, total: 3 });
  clock.advance(25_000);
  report({ message: "d", done: 2, total: 3 });

  const values = sent.map(({ progress }) => progress);
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  expect(sent.map(({ message }) => message)).toEqual(["a", "b", "c", "c (12 s)", "c (22 s)", "d"]);
  expect(sent.at(-1)).toMatchObject({ progress: 2, total: 3 });
});

test("a burst is one notification a second, the newest last", () => {
  const { clock, sent, report } = reporter();

  for (let step = 1; step <= 100; step += 1) report({ message: `step ${step}` });
  clock.advance(1000);

  expect(sent.map(({ message }) => message)).toEqual(["step 1", "step 100"]);
});

test("saying the same again is left to the heartbeat", () => {
  const { clock, sent, report } = reporter();

  for (let second = 0; second < 9; second += 1) {
    report({ message: "waiting", done: 0, total: 1 });
    clock.advance(1000);
  }

  expect(sent).toHaveLength(1);
});

test("a silent operation has a heartbeat, and none after its end", () => {
  const { clock, sent, stop } = reporter();

  clock.advance(10_000);
  stop();
  clock.advance(60_000);

  expect(sent.map(({ message }) => message)).toEqual(["Working (10 s)"]);
  expect(clock.waiting).toBe(0);
});

test("a client that gave a token hears of progress until the answer", async () => {
  const { world, clock, client } = await connect();
  const heard: ProgressParams[] = [];
  const call = client.callTool({ name: "task_hold", arguments: { steps: 1 } }, undefined, {
    onprogress: (news) => heard.push(news),
  });
  await vi.waitFor(() => expect(heard).toHaveLength(1));

  clock.advance(10_000);
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  world.journal.release();
  await call;

  expect(heard).toEqual([
    { progress: 1, total: 2, message: "step 1" },
    { progress: 1.5, total: 2, message: "step 1 (10 s)" },
  ]);
  expect(clock.waiting).toBe(0);
});

test("a client that gave no token costs no timer", async () => {
  const { world, clock, client } = await connect();
  const call = client.callTool({ name: "task_hold", arguments: { steps: 1 } });
  await vi.waitFor(() => expect(world.journal.holding).toBe(1));

  expect(clock.waiting).toBe(0);

  world.journal.release();
  await call;
});
