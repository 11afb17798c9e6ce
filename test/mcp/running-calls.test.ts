import { expect, onTestFinished, test } from "vitest";
import { RunningCalls } from "../../src/mcp/running-calls.ts";

test("many calls at once bring no warning of a leak to standard error, and all hear that the server stops", async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const calls = new RunningCalls();
  const untilAborted = (signal: AbortSignal) =>
    new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(true)));

  const running = Array.from({ length: 50 }, () => calls.call(new AbortController().signal, untilAborted));
  calls.stop("test");

  expect(await Promise.all(running)).toEqual(running.map(() => true));
  // Node warns in the next tick.
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});
