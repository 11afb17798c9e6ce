import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTextIfThere, replaceText } from "../../src/platform/text-files.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "claude-orch-text-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);
const modeOf = (path: string) => statSync(path).mode & 0o777;

test("a text is read with its time and every byte, and what is none is not there", async () => {
  writeFileSync(inFolder("a"), "\ufeffä\r\n");
  expect(await readTextIfThere(inFolder("a"))).toEqual({
    text: "\ufeffä\r\n",
    modifiedAt: statSync(inFolder("a")).mtimeMs,
    ...{ isWhole: true, isLinked: false },
  });
  writeFileSync(inFolder("b"), Buffer.from([0x61, 0xff, 0x62]));
  expect(await readTextIfThere(inFolder("b"))).toMatchObject({ isWhole: false });
  for (const name of ["none", ".", "a/b"]) expect(await readTextIfThere(inFolder(name))).toBeUndefined();
});

test("a new file is private, an old one keeps its rights, and nothing else is left in the folder", async () => {
  const file = inFolder("deep/er/TODO.md");
  expect(await replaceText(file, "one", undefined)).toBe("written");
  expect([modeOf(file), modeOf(inFolder("deep"))]).toEqual([0o600, 0o700]);
  writeFileSync(inFolder("open"), "x", { mode: 0o644 });
  expect(await replaceText(inFolder("open"), "two", "x")).toBe("written");
  expect(modeOf(inFolder("open"))).toBe(0o644);
  expect(readdirSync(inFolder("deep/er"))).toEqual(["TODO.md"]);
});

test("what somebody wrote, removed or made meanwhile is not written over", async () => {
  writeFileSync(inFolder("a"), "theirs");
  expect(await replaceText(inFolder("a"), "ours", "before")).toBe("changed");
  expect(await replaceText(inFolder("a"), "ours", undefined)).toBe("changed");
  expect(await replaceText(inFolder("b"), "ours", "before")).toBe("changed");
  expect(readFileSync(inFolder("a"), "utf8")).toBe("theirs");
  expect(existsSync(inFolder("b"))).toBe(false);
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("what cannot be read is not replaced: too large, or not permitted", async () => {
  const huge = "x".repeat(5 * 1024 * 1024);
  writeFileSync(inFolder("huge"), huge);
  expect(await readTextIfThere(inFolder("huge"))).toBeUndefined();
  expect(await replaceText(inFolder("huge"), "ours", undefined)).toBe("refused");
  expect(readFileSync(inFolder("huge"), "utf8")).toBe(huge);
  expect(readdirSync(folder)).toEqual(["huge"]);
});

test("neither a link nor a linked folder leads elsewhere", async () => {
  mkdirSync(inFolder("elsewhere"));
  writeFileSync(inFolder("elsewhere/precious"), "precious");
  symlinkSync(inFolder("elsewhere/precious"), inFolder("TODO.md"));
  symlinkSync(inFolder("elsewhere"), inFolder("linked"));
  expect(await replaceText(inFolder("TODO.md"), "ours", "precious")).toBe("refused");
  expect(await replaceText(inFolder("linked/precious"), "ours", "precious")).toBe("refused");
  expect(await replaceText(inFolder("linked/fresh"), "ours", undefined)).toBe("refused");
  expect(readdirSync(inFolder("elsewhere"))).toEqual(["precious"]);
  expect(readFileSync(inFolder("elsewhere/precious"), "utf8")).toBe("precious");
});
