import { expect, it } from "vitest";
import { withoutFinalLineBreak } from "../../src/core/final-line-break.ts";

it.each([
  ["a\n", "a"],
  ["a\r\n", "a"],
  ["a\n\n", "a\n"],
  ["a\nb", "a\nb"],
  ["a \n", "a "],
  ["a\r", "a\r"],
  ["\n", ""],
  ["", ""],
])("%j as the content of a file is the text %j", (content, text) => {
  expect(withoutFinalLineBreak(content)).toBe(text);
});
