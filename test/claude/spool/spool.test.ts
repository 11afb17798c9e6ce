import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSpool, readSpoolTail, spoolSize } from "../../../src/claude/spool/spool.ts";
import { type OpenBytes, openFile } from "../../../src/claude/transcript/byte-source.ts";
import { fixture, VERSIONS } from "../fixtures.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claude-orch-spool-"));
  path = join(folder, "events.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

function event(name: string, more: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ session_id: "s", prompt_id: "p", hook_event_name: name, ...more })}\n`;
}

test("a spool that does not exist yet has no events", async () => {
  expect(await readSpool(openFile, path, 0)).toEqual({ events: [], offset: 0, writtenAt: null });
  expect(await spoolSize(openFile, path)).toBe(0);
});

test("goes on from an offset, and from the start when the spool was begun anew", async () => {
  await writeFile(path, event("SessionStart"));
  const first = await readSpool(openFile, path, 0);
  await appendFile(path, event("Stop"));
  const second = await readSpool(openFile, path, first.offset);
  await writeFile(path, event("SessionEnd"));
  const third = await readSpool(openFile, path, second.offset);

  expect([first, second, third].map(({ events }) => events.map(({ name }) => name))).toEqual([
    ["SessionStart"],
    ["Stop"],
    ["SessionEnd"],
  ]);
});

test("the tail of a large spool is found without reading all of it", async () => {
  await writeFile(path, event("PostToolUse", { tool_name: "Bash", tool_response: "x".repeat(100_000) }).repeat(200));
  await appendFile(path, event("Stop", { last_assistant_message: "done" }));
  let bytes = 0;
  const counting: OpenBytes = async (file) => {
    const source = await openFile(file);
    if (!source) return undefined;
    return {
      ...source,
      read: async (into, position) => {
        const count = await source.read(into, position);
        bytes += count;
        return count;
      },
    };
  };

  const page = await readSpoolTail(counting, path, (events) => events.some(({ name }) => name === "Stop"));

  expect(page.events.at(-1)).toMatchObject({ name: "Stop", lastMessage: "done" });
  expect(bytes).toBeLessThanOrEqual(64 * 1024);
});

test("the tail grows until it shows the newest event, however large that is", async () => {
  await writeFile(path, event("SessionStart") + event("UserPromptSubmit", { prompt: "y".repeat(1_000_000) }));

  const page = await readSpoolTail(openFile, path, (events) => events.length > 0);

  expect(page.events.at(-1)?.prompt).toHaveLength(1_000_000);
});

describe.each(VERSIONS)("%s", (version) => {
  test("reads every recorded hook event", async () => {
    const recorded = fixture(version, "hooks-stdin.jsonl");
    await writeFile(path, recorded.replaceAll("\n", ""));

    const { events } = await readSpool(openFile, path, 0);

    const names = recorded
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { hook_event_name: string }).hook_event_name);
    expect(events.map(({ name }) => name)).toEqual(names);
    expect(events.every(({ sessionId, transcriptPath }) => sessionId !== "" && transcriptPath !== null)).toBe(true);
    expect(events.find(({ name }) => name === "StopFailure")?.error).toBe("authentication_failed");
    expect(events.find(({ name }) => name === "SubagentStart")?.subagentId).not.toBeNull();
  });
});
