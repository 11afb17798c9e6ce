import { expect, it } from "vitest";
import { progressPrinter } from "../../src/cli/progress.ts";
import { plainOutput } from "../support/plain-output.ts";

it("progress shows control characters of what an agent asks instead of obeying them, each thing once", () => {
  const output = plainOutput();
  const print = progressPrinter(output, true);

  for (const message of [
    "a asks: \u001b]0;owned\u0007 \u009b2J \u202e",
    "a asks: \u001b]0;owned\u0007 \u009b2J \u202e",
    "b",
  ])
    print({ message });

  expect(output.written.notes).toEqual(["a asks: ␛]0;owned␇ \uFFFD2J \uFFFD", "b"]);
});

it("progress is kept from a stderr where nobody looks", () => {
  const output = plainOutput();
  progressPrinter(output, false)({ message: "a is working" });
  expect(output.written.notes).toEqual([]);
});
