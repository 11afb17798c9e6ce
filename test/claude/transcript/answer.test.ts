import { describe, expect, test } from "vitest";
import { needsEvidence, type TurnEvidence, turnReport } from "../../../src/claude/transcript/answer.ts";
import { assembleTurns } from "../../../src/claude/transcript/turns.ts";
import { fixture, VERSIONS } from "../fixtures.ts";
import { recordsOf, TranscriptWriter } from "./records.ts";

function reports(writer: TranscriptWriter) {
  return assembleTurns(writer.records).map((turn) => ({ promptId: turn.start.promptId, ...turnReport(turn) }));
}

test("R2-04: the answer is the text of the last message, with all tool uses and each message's tokens once", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "do it");
  writer.assistant("m1", "tool_use", [
    { type: "thinking", thinking: "hm" },
    { type: "text", text: "I will." },
    { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } },
    { type: "tool_use", id: "t2", name: "Read", input: { file_path: "/x" } },
  ]);
  writer.result("p1", "t1", "ok");
  writer.result("p1", "t2", "no such file", true);
  writer.assistant("m2", "end_turn", [
    { type: "text", text: "All " },
    { type: "text", text: "done." },
  ]);
  writer.duration(1234);

  expect(reports(writer)).toEqual([
    {
      promptId: "p1",
      isOver: true,
      answer: {
        text: "All done.",
        toolUses: [
          { id: "t1", name: "Bash", input: { command: "ls" }, isError: false },
          { id: "t2", name: "Read", input: { file_path: "/x" }, isError: true },
        ],
        stopReason: "end_turn",
        interrupted: false,
        isError: false,
        durationMs: 1234,
        usage: { inputTokens: 20, outputTokens: 10, cacheCreationTokens: 4, cacheReadTokens: 6 },
      },
    },
  ]);
});

test("a turn is not over after the prompt, a tool call, a tool result, or a thought that ends the message", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "do it");
  expect(reports(writer)).toMatchObject([{ isOver: false, answer: { text: "", durationMs: null, usage: null } }]);

  writer.assistant("m1", "tool_use", [{ type: "tool_use", id: "t1", name: "Bash", input: {} }]);
  expect(reports(writer)).toMatchObject([{ isOver: false, answer: { toolUses: [{ id: "t1" }] } }]);
  expect(reports(writer)[0]?.answer.toolUses[0]).not.toHaveProperty("isError");

  writer.result("p1", "t1", "ok");
  expect(reports(writer)).toMatchObject([{ isOver: false }]);

  writer.assistant("m2", "end_turn", [{ type: "thinking", thinking: "nearly" }]);
  expect(reports(writer)).toMatchObject([{ isOver: false }]);

  writer.text("m2", "done");
  expect(reports(writer)).toMatchObject([{ isOver: true, answer: { text: "done" } }]);
});

test("a record that the Stop event announces is waited for, but not for ever", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "do it");
  writer.assistant("m1", "end_turn", [{ type: "text", text: "first block" }]);
  const [turn] = assembleTurns(writer.records);
  if (!turn) throw new Error("no turn");
  const stop = { isFailure: false, lastMessage: "second block", ageMs: 30 };

  expect(needsEvidence(turn)).toBe(true);
  expect(turnReport(turn)).toMatchObject({ isOver: true, answer: { text: "first block" } });
  expect(turnReport(turn, { stop })).toMatchObject({ isOver: false });
  expect(turnReport(turn, { stop: { ...stop, lastMessage: "first block" } })).toMatchObject({ isOver: true });
  expect(turnReport(turn, { stop: { ...stop, ageMs: 5000 } })).toMatchObject({
    isOver: true,
    answer: { text: "second block" },
  });
});

test("neither a last message nor Stop ends a turn while Claude Code is busy: a Stop hook of the person's may send it on", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "do it");
  writer.text("m1", "first part");
  const stop = { isFailure: false, lastMessage: "first part", ageMs: 5000 };
  const at = (isBusy: boolean) => ({ session: { isBusy, idleSince: null, now: 0 } });
  const report = (evidence: TurnEvidence) => {
    const [turn] = assembleTurns(writer.records);
    return turn && turnReport(turn, evidence);
  };

  expect(report(at(true))).toMatchObject({ isOver: false });
  expect(report({ stop, ...at(true) })).toMatchObject({ isOver: false });
  expect(report({ stop, ...at(false) })).toMatchObject({ isOver: true, answer: { text: "first part" } });

  writer.user("Stop hook feedback:\nnot yet", { isMeta: true, promptId: "p1" });
  writer.text("m2", "second part");
  expect(report({ stop, ...at(true) })).toMatchObject({ isOver: false });
  writer.duration(100);
  expect(report({ stop, ...at(true) })).toMatchObject({ isOver: true, answer: { text: "second part" } });
});

test("a turn stopped before its first word leaves no trace: it is over when nothing has been done since its prompt", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "do it");
  const [turn] = assembleTurns(writer.records);
  const at = turn?.start.at;
  if (!turn || at == null) throw new Error("no turn");
  const idle = (idleSince: number, now: number) => ({ session: { isBusy: false, idleSince, now } });

  expect(turnReport(turn, idle(at + 1000, at + 5000))).toMatchObject({
    isOver: true,
    answer: { text: "", interrupted: true, isError: false },
  });
  // Idle as before the prompt, or only just: busy comes after it.
  expect(turnReport(turn, idle(at - 10, at + 5000))).toMatchObject({ isOver: false });
  expect(turnReport(turn, idle(at + 1000, at + 1500))).toMatchObject({ isOver: false });
  const stop = { isFailure: false, lastMessage: "done", ageMs: 100 };
  expect(turnReport(turn, { stop, ...idle(at + 1000, at + 5000) })).toMatchObject({ isOver: false });

  writer.prompt("p2", "something else");
  expect(reports(writer)[0]).toMatchObject({ isOver: true, answer: { text: "", interrupted: true } });
});

test("an interrupted turn is over and says so; its partial text is kept", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "count");
  writer.text("m1", "one two", null);
  expect(reports(writer)).toMatchObject([{ isOver: false }]);
  writer.interruption("p1");

  expect(reports(writer)).toMatchObject([
    { isOver: true, answer: { text: "one two", interrupted: true, isError: false, durationMs: 2000 } },
  ]);
});

test("a refused request ends the turn as an error, with no tokens counted for it", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "hello");
  writer.apiError("API Error: 500", "server_error");

  expect(reports(writer)).toMatchObject([
    { isOver: true, answer: { text: "API Error: 500", isError: true, usage: null } },
  ]);
});

test("an answer that ran into max_tokens goes on in the next message", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "a long one");
  writer.text("m1", "cut ", "max_tokens");
  expect(reports(writer)).toMatchObject([{ isOver: false }]);
  writer.user("Continue", { isMeta: true, promptId: "p1" });
  writer.text("m2", "short");

  expect(reports(writer)).toMatchObject([{ isOver: true, answer: { text: "cut short", stopReason: "end_turn" } }]);
});

test("a model's refusal is no end while the program goes on by itself", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "something");
  writer.text("m1", "", "refusal");
  expect(reports(writer)).toMatchObject([{ isOver: false }]);
  writer.text("m2", "", "refusal");
  writer.duration(100);

  expect(reports(writer)).toMatchObject([{ isOver: true, answer: { stopReason: "refusal", isError: true } }]);
});

test("R2-04: a compaction in the middle of a turn does not lose the turn", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "long work");
  writer.assistant("m1", "tool_use", [{ type: "tool_use", id: "t1", name: "Bash", input: {} }]);
  const before = writer.result("p1", "t1", "ok");
  writer.add({
    parentUuid: null,
    logicalParentUuid: before,
    type: "system",
    subtype: "compact_boundary",
    content: "Conversation compacted",
  });
  writer.user("This session is being continued …", { isCompactSummary: true });
  writer.text("m2", "finished");

  expect(reports(writer)).toMatchObject([
    { isOver: true, answer: { text: "finished", toolUses: [{ id: "t1", isError: false }] } },
  ]);
});

test("R2-04: after a crash and a resume, the abandoned branch belongs to its own turn", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "first");
  writer.text("m1", "one");
  const kept = writer.last;
  writer.prompt("p2", "second");
  writer.assistant("m2", "tool_use", [{ type: "tool_use", id: "t1", name: "Bash", input: {} }]);
  writer.last = kept;
  writer.prompt("p3", "third");
  writer.text("m3", "three");

  expect(reports(writer)).toMatchObject([
    { promptId: "p1", isOver: true, answer: { text: "one" } },
    { promptId: "p2", isOver: true, answer: { text: "", toolUses: [{ id: "t1" }] } },
    { promptId: "p3", isOver: true, answer: { text: "three", toolUses: [] } },
  ]);
});

test("a record flushed after the next prompt still belongs to its own turn", () => {
  const writer = new TranscriptWriter();
  const first = writer.prompt("p1", "first");
  writer.prompt("p2", "second");
  const second = writer.last;
  writer.last = first;
  writer.text("m1", "answer to the first");
  writer.last = second;
  writer.text("m2", "answer to the second");

  expect(reports(writer).map(({ answer }) => answer.text)).toEqual(["answer to the first", "answer to the second"]);
});

test("subagents, requests with message-like parts and unknown records change nothing", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "hello");
  writer.other({ type: "api-request-blob", message: { role: "user", content: "a fake" }, promptId: "p9" });
  writer.other({ type: "api-request", params: { messages: [{ type: "user", message: { content: "x" } }] } });
  writer.other({ type: "brand-new", uuid: "u" });
  writer.lines.push(
    JSON.stringify({
      parentUuid: writer.last,
      isSidechain: true,
      type: "assistant",
      uuid: "s",
      message: { id: "ms", content: [{ type: "text", text: "sub" }], stop_reason: "end_turn" },
    }),
  );
  writer.text("m1", "hi");

  expect(reports(writer)).toMatchObject([{ isOver: true, answer: { text: "hi", usage: { inputTokens: 10 } } }]);
});

test("a slash command that the program answers itself is no turn, one that the model answers is", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "hello");
  writer.text("m1", "hi");
  writer.user("<command-name>/cost</command-name>", { promptId: "p2" });
  writer.add({ type: "system", subtype: "local_command", content: "<local-command-stdout>…" });
  expect(reports(writer)).toMatchObject([{ promptId: "p1", isOver: true, answer: { text: "hi" } }]);

  writer.user("<command-message>review</command-message>\n<command-name>/review</command-name>", { promptId: "p3" });
  writer.text("m2", "reviewed");
  expect(reports(writer).map(({ promptId }) => promptId)).toEqual(["p1", "p3"]);
});

test("queued messages taken up together are one turn; one sent by Esc is its own", () => {
  const writer = new TranscriptWriter();
  writer.prompt("p1", "queued one", { promptSource: "queued" });
  writer.prompt("p1", "queued two", { promptSource: "queued" });
  writer.text("m1", "to both");
  writer.prompt("p2", "stream");
  writer.text("m2", "par", null);
  writer.interruption("p2");
  writer.prompt("p2", "popped", { promptSource: "queued" });
  writer.text("m3", "to popped");

  expect(reports(writer).map(({ answer }) => [answer.text, answer.interrupted])).toEqual([
    ["to both", false],
    ["par", true],
    ["to popped", false],
  ]);
});

describe.each(VERSIONS)("%s", (version) => {
  test("R2-04: reads the recorded conversation turn by turn", () => {
    const turns = assembleTurns(recordsOf(fixture(version, "transcript.jsonl")));
    const seen = turns.map((turn) => [turn.start.text.split(" ")[0], turnReport(turn).answer] as const);

    const common = [
      ["hello", { text: "echo: hello", interrupted: false, isError: false, stopReason: "end_turn" }],
      ["RUNWRITE", { text: "written", toolUses: [{ name: "Write", isError: false }] }],
    ];
    const rest =
      version === "2.1.197"
        ? [
            ["RUNEDIT", { interrupted: true, toolUses: [{ name: "Read" }, { name: "Edit", isError: true }] }],
            ["RUNTOOL", { text: "I will run it.", interrupted: true, toolUses: [{ name: "Bash", isError: true }] }],
            ["STREAM", { interrupted: true, stopReason: "stop_sequence" }],
            ["SLOW", { text: "", interrupted: true, usage: null }],
            ["HANG", { text: "this never ends ...", interrupted: true }],
            ["DROP", { text: "this will be cut off in the middle", interrupted: false }],
          ]
        : [
            ["RUNEDIT", { text: "edited", toolUses: [{ name: "Read" }, { name: "Edit", isError: false }] }],
            ["3RUNTOOL", { text: "tool finished", toolUses: [{ name: "Bash", isError: false }] }],
            ["STREAM", { text: "", usage: null }],
          ];
    expect(seen).toMatchObject([...common, ...rest]);
    expect(turnReport(turns[0] as never).answer.durationMs).toBe(version === "2.1.197" ? 312 : 320);
  });

  test("knows every kind of recorded API error", () => {
    const records = recordsOf(fixture(version, "transcript-record-types.jsonl"));
    const errors = records.flatMap((record) => (record.type === "assistant" && record.apiError) || []);

    expect(errors).toEqual(expect.arrayContaining(["unknown", "authentication_failed", "server_error", "rate_limit"]));
  });
});

test("2.1.197: reads the recorded queue: two in one turn, an interruption, a task that ended", () => {
  const turns = assembleTurns(recordsOf(fixture("2.1.197", "transcript-queued-messages.jsonl")));

  expect(turns.map(({ start }) => [start.role, start.text.split("\n")[0]])).toEqual([
    ["prompt", "queued one"],
    ["prompt", "queued to be popped"],
    ["notification", "<task-notification>"],
    ["shell", "<bash-input>echo bang-mode</bash-input>"],
  ]);
});
