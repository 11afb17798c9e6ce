import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareEditorText, withdrawEditorTexts } from "../../../src/claude/input/editor-text.ts";
import { editorScript } from "../../../src/claude/launch/editor-script.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { waitFor } from "../../support/wait-for.ts";

const run = promisify(execFile);
const clock = new SystemClock();
const ids = new SystemIds(clock);
const SHELLS = ["/bin/sh", "/bin/dash", "/bin/bash", "/bin/zsh"];
const now = () => Math.floor(Date.now() / 1000);

let root: string;
let folder: string;
let script: string;
/** What Claude Code hands to its editor: `claude-prompt-<id>.md` with the draft in it. */
let prompt: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'editor it\'s "ü" $(x) '));
  folder = path.join(root, "input");
  script = path.join(root, "claude-orch-editor");
  prompt = path.join(root, "claude-prompt-0a1b.md");
  await mkdir(folder);
  await writeFile(script, editorScript(folder), { mode: 0o700 });
  await writeFile(prompt, "draft");
  await writeFile(path.join(root, "real"), '#!/bin/sh\nprintf "%s|" "$VISUAL" "$EDITOR" "$@" >"$0.saw"\n', {
    mode: 0o700,
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs the script as Claude Code would, with the person's editor behind it. */
function edit(file = prompt, shell = "/bin/sh", env: Record<string, string> = {}) {
  const real = { CLAUDE_ORCH_REAL_EDITOR: `'${path.join(root, "real").replaceAll("'", "'\\''")}' --wait`, ...env };
  const ours = { VISUAL: "claude-orch-editor", EDITOR: "claude-orch-editor" };
  return run(shell, [script, file], { env: { PATH: "/usr/bin:/bin", ...ours, ...real } });
}

/** What the real editor was started with; undefined when it was not. */
async function realEditorSaw(): Promise<string | undefined> {
  return readFile(path.join(root, "real.saw"), "utf8").catch(() => undefined);
}

const prepare = (text: string) => prepareEditorText(text, { folder, clock, ids });

describe("the agent's editor", () => {
  it.each(SHELLS)("puts a prepared text in the place of the draft, byte for byte, once, under %s", async (shell) => {
    if (!(await stat(shell).catch(() => undefined))) return;
    const text = `\t"quotes" $(id) \\ ünï 🙂\r\n${"x".repeat(1_000_000)}\n\n`;
    const settle = await prepare(text);

    await edit(prompt, shell);

    expect(await readFile(prompt, "utf8")).toBe(text);
    expect(await settle()).toBe(true);
    expect(await readdir(folder)).toEqual(["taken"]);
    expect(await realEditorSaw()).toBeUndefined();
  });

  it("changes nothing at the Ctrl-G that comes too late for a text which an earlier one took", async () => {
    await prepare("ours");
    await edit();

    await edit();

    expect(await readFile(prompt, "utf8")).toBe("ours");
    expect(await realEditorSaw()).toBeUndefined();
    // Once: the next one is a person's.
    await edit();
    expect(await realEditorSaw()).toContain(prompt);
  });

  it("hands over to the person's editor when the mark is older than two seconds", async () => {
    await writeFile(path.join(folder, "taken"), `${now() - 3}\n`);
    await edit();
    expect(await realEditorSaw()).toBe(
      `|'${path.join(root, "real").replaceAll("'", "'\\''")}' --wait|--wait|${prompt}|`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("throws a text away whose deadline has passed, and lets the person edit", async () => {
    await writeFile(path.join(folder, `${now() - 1}-nce_old.text`), "left by a crash");

    await edit();

    expect(await readFile(prompt, "utf8")).toBe("draft");
    expect(await readdir(folder)).toEqual([]);
    expect(await realEditorSaw()).toContain(prompt);
  });

  it("leaves prepared texts alone when it is asked to edit another file, such as a commit message", async () => {
    await prepare("ours");
    await edit(path.join(root, "COMMIT_EDITMSG"));

    expect(await realEditorSaw()).toContain("COMMIT_EDITMSG");
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("prefers VISUAL, takes it for a command line, and shows the person's own variables to it", async () => {
    const real = path.join(root, "real");
    const visual = `"${real.replaceAll(/["$`\\]/g, "\\$&")}" -n`;
    await edit(prompt, "/bin/sh", { CLAUDE_ORCH_REAL_VISUAL: visual, CLAUDE_ORCH_REAL_EDITOR: "false" });
    expect(await realEditorSaw()).toBe(`${visual}|false|-n|${prompt}|`);
  });

  it("falls back to an editor of the machine when the person named none", async () => {
    const bin = path.join(root, "bin");
    await mkdir(bin);
    await writeFile(path.join(bin, "vim"), `#!/bin/sh\necho "$1" >"${"$"}0.saw"\n`, { mode: 0o700 });
    await edit(prompt, "/bin/sh", { CLAUDE_ORCH_REAL_EDITOR: "", PATH: bin });
    expect(await readFile(path.join(bin, "vim.saw"), "utf8")).toBe(`${prompt}\n`);
  });
});

describe("a prepared text", () => {
  it("is withdrawn when nobody fetched it in time: it can never arrive later", async () => {
    let time = 0;
    const clock: Clock = {
      now: () => time,
      monotonic: () => time,
      every: () => () => undefined,
      sleep: async () => {
        time += 1_000;
      },
    };
    const settle = await prepareEditorText("ours", { folder, clock, ids });

    expect(await settle()).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is withdrawn when its sender gives up", async () => {
    const settle = await prepare("ours");
    await expect(settle(AbortSignal.abort())).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes the place of one that a dead process left behind", async () => {
    await prepare("of the dead");
    await prepare("of the living");
    await edit();
    expect(await readFile(prompt, "utf8")).toBe("of the living");
  });

  it("belongs to either the editor or the one who withdraws it, never to both and never to none", async () => {
    for (let round = 0; round < 15; round += 1) {
      await rm(path.join(folder, "taken"), { force: true });
      await writeFile(prompt, "draft");
      await prepare(`text ${round}`);
      const editing = edit();
      // At different instants of the script's life.
      const until = performance.now() + round;
      await waitFor("an instant", () => (performance.now() >= until ? true : undefined), { everyMs: 1 });
      const isWithdrawn = await withdrawEditorTexts(folder);
      await editing;
      expect([round, await readFile(prompt, "utf8")]).toEqual([round, isWithdrawn ? "draft" : `text ${round}`]);
    }
  });
});
