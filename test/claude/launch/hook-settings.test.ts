import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentSettings, HOOK_EVENTS } from "../../../src/claude/launch/hook-settings.ts";
import { readSpool } from "../../../src/claude/spool/spool.ts";
import { openFile } from "../../../src/claude/transcript/byte-source.ts";

let root: string;
let spool: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'hooks it\'s "ü" $(x) '));
  spool = path.join(root, "events.jsonl");
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Hook {
  type: string;
  command: string;
}

function hooks(): Record<string, Hook[]> {
  const files = { spool, requests: path.join(root, "requests") };
  const settings = agentSettings(files, { allow: [], deny: [], ask: [] }) as {
    hooks: Record<string, { hooks: Hook[] }[]>;
  };
  expect(Object.keys(settings.hooks)).toEqual([...HOOK_EVENTS]);
  return Object.fromEntries(
    Object.entries(settings.hooks).map(([event, groups]) => [event, groups.flatMap((group) => group.hooks)]),
  );
}

/** One command for all events but the one that waits. */
function command(): string {
  const { PermissionRequest: _, ...appending } = hooks();
  const commands = Object.values(appending).flatMap((list) => list.map((hook) => hook.command));
  const [only, ...others] = new Set(commands);
  expect(others).toEqual([]);
  return only ?? "";
}

/** Runs the hook as Claude Code does, in pieces as a pipe brings them; returns its exit code. */
async function report(event: string): Promise<number> {
  const child = spawn("/bin/sh", ["-c", command()], { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => undefined).end(event);
  const [code] = await once(child, "close");
  return code as number;
}

function event(id: number, bytes: number): string {
  const fields = { session_id: "s", hook_event_name: "UserPromptSubmit", prompt_id: `p${id}` };
  return `${JSON.stringify({ ...fields, prompt: String.fromCharCode(97 + (id % 26)).repeat(bytes) })}\n`;
}

describe("the hook's command", () => {
  it("appends events of any size whole, however many end at once", async () => {
    const sizes = [10, 4_000, 65_536, 131_072, 300_000, 1_000_000];
    const events = Array.from({ length: 48 }, (_, id) => event(id, sizes[id % sizes.length] ?? 0));

    const codes = await Promise.all(events.map(report));

    expect(new Set(codes)).toEqual(new Set([0]));
    const lines = (await readFile(spool, "utf8")).split("\n").slice(0, -1);
    expect(lines.map((line) => `${line}\n`).toSorted()).toEqual(events.toSorted());
    const page = await readSpool(openFile, spool, 0);
    expect(page.events.map(({ promptId }) => promptId).toSorted()).toEqual(events.map((_, id) => `p${id}`).toSorted());
  }, 60_000);

  it("adds to what is there, and makes a spool that only its owner may write", async () => {
    await report(event(1, 1));
    await report(event(2, 1));
    expect(await readFile(spool, "utf8")).toBe(event(1, 1) + event(2, 1));
    expect((await stat(spool)).mode & 0o022).toBe(0);
  });

  it("succeeds without its folder and without any input: a failing hook would refuse the prompt", async () => {
    expect(await report("")).toBe(0);
    await rm(root, { recursive: true });
    expect(await report(event(1, 1_000_000))).toBe(0);
  });
});
