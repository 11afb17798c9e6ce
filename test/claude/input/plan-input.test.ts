import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkInput, planInput } from "../../../src/claude/input/plan-input.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { hostilePrompts } from "../../support/hostile-prompts.ts";

const clock = new SystemClock();
const ids = new SystemIds(clock);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plan-input-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const plan = (text: string, isExact = false) => planInput(text, { folder, clock, ids, isExact });

describe("planning an input", () => {
  it("pastes a short plain text, with nothing to wait for and nothing on disk", async () => {
    const planned = await plan("a\nb\nc");

    expect(planned).toEqual({
      expected: "a\nb\nc",
      normalised: [],
      via: "paste",
      fill: [{ kind: "text", text: "a\nb\nc", isBracketed: true }],
      submit: [{ kind: "keys", keys: ["Home", "Enter"] }],
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("hands all others to the editor, in a file that only its owner may read, and types none of it", async () => {
    const planned = await plan("!ls\t-l", true);

    expect(planned).toMatchObject({ via: "editor", fill: [{ kind: "keys", keys: ["C-g"] }] });
    expect(planned.settle).toBeTypeOf("function");
    const [name = ""] = await readdir(folder);
    expect(await readFile(path.join(folder, name), "utf8")).toBe("!ls\t-l");
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it.each(
    [
      ["!a", "#a", "&a", "?", "/a/b", " a", "a\\", "a@b", "see x.png", "a\nb\nc\nd", "x".repeat(701)].map((text) => [
        text,
      ]),
    ].flat(),
  )("does not paste %j", (text) => {
    expect(checkInput(text, { isExact: false }).via).toBe("editor");
  });

  it("moves the cursor away before Enter where Enter would mean something else", async () => {
    for (const text of ["ends with a backslash\\", "read @README.md"]) {
      const { submit } = await plan(text);
      expect(submit.map((step) => (step.kind === "keys" ? step.keys : step.kind))).toEqual([
        ["Home"],
        "pause",
        ["Enter"],
      ]);
    }
  });

  it.each(["/exit", "exit", ":q", "  quit  ", "/clear now", "\u200b/clear", "/", "\u001b[31m/help"])(
    "refuses %j, which would run as a command, and prepares nothing",
    async (text) => {
      await expect(plan(text)).rejects.toMatchObject({ code: "TEXT_NOT_DELIVERABLE" });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it.each(["\u0378", "\u0301", "\u0378 \u0335"])("refuses %j, of which the screen would show nothing", async (text) => {
    await expect(plan(text)).rejects.toMatchObject({ code: "TEXT_NOT_DELIVERABLE" });
    expect(checkInput(`a${text}`, { isExact: false }).via).toBe("paste");
  });

  it("refuses with `exact` what would arrive changed, and says what would change and where", async () => {
    await expect(plan("🙂 one\n🙂 a\r\nb ", true)).rejects.toMatchObject({
      code: "TEXT_NOT_DELIVERABLE",
      message:
        "The text cannot arrive exactly: carriage returns would become line feeds, trailing blanks would be removed (first in line 2, column 4)",
      details: {
        changes: ["carriage returns would become line feeds", "trailing blanks would be removed"],
        line: 2,
        column: 4,
      },
    });
  });

  it("says beforehand of every hostile prompt what the plan then does", async () => {
    for (const { text, isExact = false } of hostilePrompts()) {
      const outcome = async (work: () => unknown) => {
        try {
          return { done: await work() };
        } catch (error) {
          return { failed: error };
        }
      };
      const checked = await outcome(() => checkInput(text, { isExact }));
      const planned = await outcome(() => plan(text, isExact));
      if (checked.failed) expect(planned).toEqual(checked);
      else expect(planned.done).toMatchObject(checked.done as object);
    }
  });
});
