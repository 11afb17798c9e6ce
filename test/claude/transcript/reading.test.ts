import { appendFile, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { turnReport } from "../../../src/claude/transcript/answer.ts";
import { type ByteSource, openFile } from "../../../src/claude/transcript/byte-source.ts";
import { readEntries } from "../../../src/claude/transcript/entries.ts";
import { readLastTurns, readTurn } from "../../../src/claude/transcript/turn-reader.ts";
import { UsageTally } from "../../../src/claude/transcript/usage.ts";
import { fixture, VERSIONS } from "../fixtures.ts";
import { TranscriptWriter } from "./records.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "claude-orch-transcript-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function file(content: string | Buffer): Promise<string> {
  files += 1;
  const path = join(folder, `${files}.jsonl`);
  await writeFile(path, content);
  return path;
}

/** Opens a file and counts the bytes that are read from it. */
async function counted<T>(
  path: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<{ result: T; bytes: number }> {
  const source = await openFile(path);
  if (!source) throw new Error(`${path} is missing`);
  let bytes = 0;
  const read: ByteSource["read"] = async (into, position) => {
    const count = await source.read(into, position);
    bytes += count;
    return count;
  };
  try {
    return { result: await use({ ...source, read }), bytes };
  } finally {
    await source.close();
  }
}

function conversation(turns: number, pad = ""): TranscriptWriter {
  const writer = new TranscriptWriter();
  for (let turn = 1; turn <= turns; turn += 1) {
    writer.prompt(`p${turn}`, `prompt ${turn}`);
    writer.assistant(`a${turn}`, "tool_use", [
      { type: "thinking", thinking: `thought ${turn}` },
      { type: "tool_use", id: `t${turn}`, name: "Bash", input: { command: `echo ${turn}` } },
    ]);
    writer.result(`p${turn}`, `t${turn}`, `output ${turn}${pad}`);
    writer.text(`m${turn}`, `answer ${turn}`);
    writer.duration(turn);
  }
  return writer;
}

const everything = new Set(["tools", "thinking"] as const);
const nobody = () => "person" as const;

describe("a transcript of 128 MB", () => {
  let path: string;
  let size: number;
  let lastStart: number;

  beforeAll(async () => {
    const early = conversation(3).content;
    const blob = `${JSON.stringify({ type: "api-request-blob", message: { role: "user", content: "y".repeat(1024 * 1024) } })}\n`;
    const late = conversation(2);
    late.prompt("last", "the last prompt");
    late.text("last", "the last answer");
    path = await file(early);
    const handle = await open(path, "a");
    for (let count = 0; count < 128; count += 1) await handle.write(blob);
    lastStart = (await handle.stat()).size;
    await handle.write(late.content);
    size = (await handle.stat()).size;
    await handle.close();
  });

  test("R2-31: the last answer is read from the last block alone", async () => {
    const { result, bytes } = await counted(path, (source) => readLastTurns(source, 1));

    expect(result.map((turn) => turnReport(turn).answer.text)).toEqual(["the last answer"]);
    expect(bytes).toBeLessThanOrEqual(64 * 1024);
  });

  test("a turn is read from its offset without reading what is before it or far behind it", async () => {
    const last = await counted(path, (source) => readTurn(source, "last", lastStart));
    const first = await counted(path, (source) => readTurn(source, "p1", 0));

    expect(last.result && turnReport(last.result).answer.text).toBe("the last answer");
    expect(last.bytes).toBeLessThanOrEqual(size - lastStart + 1);
    expect(first.result && turnReport(first.result).answer.text).toBe("answer 1");
    expect(first.bytes).toBeLessThan(3 * 1024 * 1024);
  });

  test("R2-31: following reads only what was appended", async () => {
    const { result, bytes } = await counted(path, (source) =>
      readEntries(source, { from: size, include: everything }, nobody),
    );
    expect(result).toEqual({ entries: [], offset: size, hasMore: false });
    expect(bytes).toBeLessThanOrEqual(3 * 64 * 1024);

    await appendFile(path, conversation(1).content);
    const next = await counted(path, (source) => readEntries(source, { from: size, include: new Set() }, nobody));

    expect(next.result.entries.map(({ text }) => text)).toEqual(["prompt 1", "answer 1"]);
    expect(next.bytes).toBeLessThanOrEqual(4 * 64 * 1024);
  });
});

test("a turn with a tool result of 16 MB is read in bounded memory, and its tool is known to have failed", async () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "read it");
  writer.assistant("a1", "tool_use", [{ type: "tool_use", id: "t1", name: "Bash", input: {} }]);
  writer.result("p1", "t1", `${"z\n".repeat(8 * 1024 * 1024)}end`, true);
  writer.text("m1", "too much");
  const path = await file(writer.content);

  const forward = await counted(path, (source) => readTurn(source, "p1", 0));
  const backward = await counted(path, (source) => readLastTurns(source, 1));

  for (const turn of [forward.result, backward.result[0]]) {
    expect(turn && turnReport(turn)).toMatchObject({
      isOver: true,
      answer: { text: "too much", toolUses: [{ id: "t1", isError: true }] },
    });
  }
});

test("half-written, broken, foreign and CRLF lines do no harm", async () => {
  const writer = conversation(2);
  const [first = "", ...others] = writer.content.split("\n");
  const noise = ['{"type":"user","message":{"content":"half', "\ufffd\0 not json", "[]", "null", '"text"', "{}"];
  const content = Buffer.concat([
    Buffer.from([first, ...noise, ...others.slice(0, -1)].join("\r\n")),
    Buffer.from('\r\n\xff\xfe{"type":"assistant","message":{"id":"m9","content":[{"type":"text","text":"hal', "latin1"),
  ]);
  const path = await file(content);

  const { result } = await counted(path, (source) => readLastTurns(source, 5));

  expect(result.map((turn) => turnReport(turn).answer.text)).toEqual(["answer 1", "answer 2"]);
});

test("a turn that begins with several queued messages is found whole from the end", async () => {
  const writer = conversation(3);
  writer.prompt("q", "queued one");
  writer.prompt("q", "queued two");
  writer.text("m", "to both");
  const path = await file(writer.content);

  const { result } = await counted(path, (source) => readLastTurns(source, 1));

  expect(result.map(({ start }) => start.text)).toEqual(["queued one"]);
});

test("the newest turn is the one that runs, never the answer of the one before", async () => {
  const writer = conversation(3);
  writer.prompt("running", "and now?");
  const path = await file(writer.content);

  const { result } = await counted(path, (source) => readLastTurns(source, 1));
  const [turn] = result;

  expect(turn?.start.promptId).toBe("running");
  expect(turn && turnReport(turn)).toMatchObject({ isOver: false, answer: { text: "" } });
});

describe("entries", () => {
  test("R2-04: everything said and done, in order, each with its turn", async () => {
    const writer = conversation(1);
    writer.interruption("p1");
    writer.prompt("p2", "again");
    writer.apiError("API Error: 500", "server_error");
    const path = await file(writer.content);

    const { result } = await counted(path, (source) => readEntries(source, { include: everything }, nobody));

    expect(result.offset).toBe(Buffer.byteLength(writer.content));
    expect(result.entries.map(({ kind, promptId, text, tool }) => [kind, promptId, text ?? tool?.name])).toEqual([
      ["prompt", "p1", "prompt 1"],
      ["thinking", "p1", "thought 1"],
      ["tool_use", "p1", "Bash"],
      ["tool_result", "p1", "output 1"],
      ["text", "p1", "answer 1"],
      ["interruption", "p1", "[Request interrupted by user]"],
      ["prompt", "p2", "again"],
      ["error", "p2", "API Error: 500"],
    ]);
    expect(result.entries.filter(({ usage }) => usage)).toHaveLength(2);
    expect(result.entries[3]?.tool).toEqual({ id: "t1", name: "Bash", isError: false });
    expect(result.entries[0]?.at).toBe("2026-11-21T06:00:01.000Z");
  });

  test("without tools and thinking, only what was said", async () => {
    const path = await file(conversation(2).content);

    const { result } = await counted(path, (source) => readEntries(source, { include: new Set() }, nobody));

    expect(result.entries.map(({ kind }) => kind)).toEqual(["prompt", "text", "prompt", "text"]);
  });

  test("the newest turns, and no more characters than asked for", async () => {
    const path = await file(conversation(20).content);
    const include = new Set<never>();

    const last = await counted(path, (source) => readEntries(source, { last: 2, include }, nobody));
    const small = await counted(path, (source) => readEntries(source, { last: 20, include, maxChars: 30 }, nobody));

    expect(last.result.entries.map(({ text }) => text)).toEqual(["prompt 19", "answer 19", "prompt 20", "answer 20"]);
    expect(small.result.entries.map(({ text }) => text)).toEqual(["answer 19", "prompt 20", "answer 20"]);
  });

  test("R4-03: pages add up to the transcript, each within the bound", async () => {
    const path = await file(conversation(20).content);
    const include = new Set<never>();
    const whole = await counted(path, (source) => readEntries(source, { include }, nobody));
    const texts: (string | undefined)[] = [];

    for (let from = 0, hasMore = true; hasMore; ) {
      const { result } = await counted(path, (source) => readEntries(source, { include, from, maxChars: 30 }, nobody));
      expect(result.entries.length).toBeLessThanOrEqual(4);
      expect(result.offset).toBeGreaterThan(from);
      texts.push(...result.entries.map(({ text }) => text));
      ({ offset: from, hasMore } = result);
    }

    expect(texts).toEqual(whole.result.entries.map(({ text }) => text));
    expect(texts).toHaveLength(40);
  });

  test("going on from an offset in the middle of a turn knows the turn; a half line is left for later", async () => {
    const writer = conversation(2);
    const lines = writer.lines;
    const cut = Buffer.byteLength(lines.slice(0, -2).join("\n")) + 1;
    const path = await file(`${writer.content}{"half`);

    const { result } = await counted(path, (source) => readEntries(source, { from: cut, include: everything }, nobody));

    expect(result.entries).toMatchObject([{ kind: "text", promptId: "p2", text: "answer 2" }]);
    expect(result.offset).toBe(Buffer.byteLength(writer.content));
  });

  test("prompts name their author, also those that a running turn took up", async () => {
    const writer = conversation(1);
    writer.prompt("ours", "from us");
    writer.add({ type: "attachment", attachment: { type: "queued_command", prompt: "meanwhile" } });
    const path = await file(writer.content);
    const authorOf = (promptId: string | null) => (promptId === "ours" ? "orchestrator" : "person");

    const { result } = await counted(path, (source) => readEntries(source, { include: new Set() }, authorOf));

    expect(result.entries.filter(({ kind }) => kind === "prompt").map(({ text, from }) => [text, from])).toEqual([
      ["prompt 1", "person"],
      ["from us", "orchestrator"],
      ["meanwhile", "orchestrator"],
    ]);
  });

  test("background work that ends during a turn is a notice, and nobody's prompt", async () => {
    const writer = conversation(1);
    const prompt = "<task-notification>\n<status>completed</status>\n</task-notification>";
    writer.prompt("ours", "from us");
    writer.add({ type: "attachment", attachment: { type: "queued_command", prompt } });
    writer.add({ type: "attachment", attachment: { type: "queued_command", prompt, origin: { kind: "human" } } });
    const path = await file(writer.content);

    const { result } = await counted(path, (source) => readEntries(source, { include: new Set() }, nobody));

    expect(result.entries.slice(-3).map(({ kind, text }) => [kind, text])).toEqual([
      ["prompt", "from us"],
      ["notice", prompt],
      ["prompt", prompt],
    ]);
  });

  test("a collapsed paste shows the text that was pasted", async () => {
    const writer = new TranscriptWriter();
    writer.prompt("p", '\n\n<pasted_content id="77bc">\nline one\nline two\n</pasted_content id="77bc">\n');
    const path = await file(writer.content);

    const { result } = await counted(path, (source) => readEntries(source, { include: new Set() }, nobody));

    expect(result.entries[0]?.text).toBe("line one\nline two");
  });
});

describe("usage", () => {
  test("counts each API message once, although it has a line per block, and no synthetic one", async () => {
    const writer = conversation(3);
    writer.other({ type: "api-request-blob", message: { usage: { input_tokens: 999 } }, note: '"type":"assistant"' });
    const path = await file(writer.content);

    const tally = new UsageTally();
    expect(await tally.add(openFile, "c1", path)).toBe(true);
    expect(await tally.add(openFile, "c2", join(folder, "missing.jsonl"))).toBe(false);
    expect(tally.total()).toEqual(times(6));
  });

  test("goes on where it stopped, even inside a message, and counts a fork's copy of the past once", async () => {
    const writer = new TranscriptWriter();
    writer.assistant("m1", "end_turn", [{ type: "text", text: "one" }]);
    writer.assistant("m2", "tool_use", [{ type: "text", text: "half" }]);
    const path = await file(writer.content);
    const first = new UsageTally();
    await first.add(openFile, "c1", path);
    expect(first.total()).toEqual(times(2));

    writer.assistant("m2", "tool_use", [{ type: "tool_use", id: "t", name: "Bash", input: {} }]);
    writer.assistant("m3", "end_turn", [{ type: "text", text: "three" }]);
    await writeFile(path, `${writer.content}{"type":"assistant","half a li`);
    const fork = await file(writer.content.replaceAll('"sessionId":"c1"', '"sessionId":"c2"'));
    const { result: second, bytes } = await tallied(new UsageTally(JSON.parse(JSON.stringify(first.saved()))), path);
    expect(second.total()).toEqual(times(3));
    expect(bytes).toBeLessThan(2 * writer.lines.slice(-2).join("\n").length);
    await second.add(openFile, "c2", fork);
    expect(second.total()).toEqual(times(3));
    expect(await second.add(openFile, "c1", path)).toBe(false);

    // Another file under the same name: what it repeats is known, the rest is new.
    writer.lines.splice(0, 3);
    writer.assistant("m4", "end_turn", [{ type: "text", text: "four" }]);
    await writeFile(path, writer.content);
    await second.add(openFile, "c1", path);
    expect(second.total()).toEqual(times(4));
  });

  const times = (messages: number) => ({
    inputTokens: 10 * messages,
    outputTokens: 5 * messages,
    cacheCreationTokens: 2 * messages,
    cacheReadTokens: 3 * messages,
  });

  async function tallied(tally: UsageTally, path: string) {
    const { bytes } = await counted(path, (source) =>
      tally.add(async () => ({ ...source, close: async () => undefined }), "c1", path),
    );
    return { result: tally, bytes };
  }

  test.each(VERSIONS)("reads the recorded conversation of %s", async (version) => {
    const content = fixture(version, "transcript.jsonl");
    const ids = new Set(content.match(/"id":"msg_[^"]+"/g));

    const tally = new UsageTally();
    await tally.add(openFile, "c1", await file(content));

    const usage = tally.total();
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(usage.inputTokens).toBe(12 * ids.size);
  });
});
