import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { silentLogger } from "../../src/core/ports/logger.ts";
import { serveMcp } from "../../src/mcp/serve-mcp.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { smallCatalogue, smallWorld } from "./support/small-catalogue.ts";
import { LocalDoorbell, smallContext } from "./support/small-context.ts";

function serve(signal: AbortSignal) {
  const world = smallWorld();
  const clock = new ManualClock();
  const input = new PassThrough();
  const output = new PassThrough();
  let written = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    written += text;
  });
  const served = serveMcp({
    operations: smallCatalogue(world),
    makeContext: smallContext(world, { clock, doorbell: new LocalDoorbell() }),
    principal: { kind: "manager" },
    logger: silentLogger,
    clock,
    version: "1.2.3",
    input,
    output,
    signal,
  });
  const hold = (args: { deaf?: boolean } = {}) =>
    input.write(
      `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "task_hold", arguments: args } })}\n`,
    );
  return { world, clock, input, output, served, hold, written: () => written };
}

test("R4-63: an abort ends and answers what runs, and whoever gave the signal keeps the process's signals to himself", async () => {
  const listeners = process.listenerCount("SIGTERM");
  const stop = new AbortController();
  const { world, clock, input, served, hold, written } = serve(stop.signal);
  hold();
  await vi.waitFor(() => expect(world.journal.holding).toBe(1));
  expect(process.listenerCount("SIGTERM")).toBe(listeners);

  stop.abort();
  await served;

  expect(world.journal.ended).toEqual(["aborted"]);
  expect(JSON.parse(written())).toMatchObject({ id: 1, result: { isError: true } });
  expect(clock.waiting).toBe(0);
  expect(input.isPaused()).toBe(true);
});

test("R4-63: an operation that ignores the abort is not waited for beyond the bound", async () => {
  const stop = new AbortController();
  const { world, clock, served, hold, written } = serve(stop.signal);
  hold({ deaf: true });
  await vi.waitFor(() => expect(world.journal.holding).toBe(1));

  stop.abort();
  await vi.waitFor(() => expect(clock.waiting).toBe(1));
  clock.advance(1499);
  const isServing = await Promise.race([
    served.then(() => false),
    new Promise((resolve) => setImmediate(resolve, true)),
  ]);
  clock.advance(1);
  await served;

  expect(isServing).toBe(true);
  expect(written()).toBe("");
});

test("after the end of input a call may still end by itself and is answered", async () => {
  const { world, clock, input, served, hold, written } = serve(new AbortController().signal);
  hold();
  await vi.waitFor(() => expect(world.journal.holding).toBe(1));

  input.end();
  await vi.waitFor(() => expect(clock.waiting).toBe(1));
  world.journal.release();
  await served;

  expect(world.journal.ended).toEqual(["released"]);
  expect(JSON.parse(written())).toMatchObject({ id: 1, result: { structuredContent: { released: true } } });
});
