import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recordedUses } from "../../../src/claude/requests/recorded-use.ts";
import { openFile } from "../../../src/claude/transcript/byte-source.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const line = (record: object) => `${JSON.stringify(record)}\n`;
const prompt = (text: string) => line({ type: "user", promptId: "p", message: { role: "user", content: text } });
const use = (id: string, input: object = {}) =>
  line({ type: "assistant", message: { role: "assistant", content: [{ type: "tool_use", id, name: "Bash", input }] } });
const result = (id: string) =>
  line({ type: "user", message: { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "ok" }] } });

test("the uses of the newest turn are told, oldest first, and which have a result; half a line is none", async () => {
  const folder = await temporaryDirectory();
  onTestFinished(folder.remove);
  const file = join(folder.path, "transcript.jsonl");
  expect(await recordedUses(openFile, file)).toEqual([]);

  await writeFile(file, [prompt("old"), use("left"), prompt("new"), use("a"), use("b", { command: "ls" })].join(""));
  await appendFile(file, [result("a"), use("c"), use("half").slice(0, -20)].join(""));

  expect(await recordedUses(openFile, file)).toEqual([
    { id: "a", name: "Bash", input: {}, isSettled: true },
    { id: "b", name: "Bash", input: { command: "ls" }, isSettled: false },
    { id: "c", name: "Bash", input: {}, isSettled: false },
  ]);
});
