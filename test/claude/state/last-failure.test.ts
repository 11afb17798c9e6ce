import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLastFailure } from "../../../src/claude/state/last-failure.ts";
import { openFile, withBytes } from "../../../src/claude/transcript/byte-source.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { TranscriptWriter } from "../transcript/records.ts";

describe("B2: how the newest turn failed, by the transcript", () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    folder = await temporaryDirectory("last-failure");
  });
  afterAll(() => folder.remove());

  async function read(write: (writer: TranscriptWriter) => void) {
    const writer = new TranscriptWriter();
    write(writer);
    const path = join(folder.path, "transcript.jsonl");
    await writeFile(path, writer.content);
    return withBytes(openFile, path, undefined, readLastFailure);
  }

  test("its words, prompt and time, and when a limit is reset where Claude Code writes it", async () => {
    const quotaLimits = { status: "rejected", resetsAt: 1_795_300_000, rateLimitType: "five_hour" };
    const failure = await read((writer) => {
      writer.prompt("p1", "hello");
      const blocks = [{ type: "text", text: "You've hit your 5-hour limit" }];
      writer.assistant("m", "stop_sequence", blocks, { isApiErrorMessage: true, error: "rate_limit", quotaLimits });
    });

    expect(failure).toEqual({
      promptId: "p1",
      error: "rate_limit",
      message: "You've hit your 5-hour limit",
      at: expect.any(Number),
      resetsAt: 1_795_300_000_000,
      goesOn: false,
    });
  });

  test("whether Claude Code has announced to go on by itself, by its newest word", async () => {
    const limit = (writer: TranscriptWriter) => {
      writer.prompt("p1", "hello");
      writer.apiError("You've hit your 5-hour limit", "rate_limit");
      writer.add({
        type: "system",
        subtype: "informational",
        content: "Usage limit reached · set to continue automatically at 3:50pm",
      });
    };
    const cancelled = "Automatic continue cancelled · /rate-limit-options to wait again";

    expect(await read(limit)).toMatchObject({ goesOn: true });
    expect(
      await read((writer) => [
        limit(writer),
        writer.add({ type: "system", subtype: "informational", content: cancelled }),
      ]),
    ).toMatchObject({ goesOn: false });
    const again = (writer: TranscriptWriter) => {
      limit(writer);
      writer.prompt("p2", "again");
      writer.apiError("You've hit your 5-hour limit", "rate_limit");
    };
    expect(await read(again)).toMatchObject({ promptId: "p2", goesOn: false });
  });

  test("none after an answer, after a new prompt, and where there is nothing", async () => {
    const failed = (writer: TranscriptWriter) => {
      writer.prompt("p1", "hello");
      writer.apiError("API Error: 500", "server_error");
    };

    expect(await read(failed)).toMatchObject({ error: "server_error", resetsAt: null });
    expect(await read((writer) => [failed(writer), writer.prompt("p2", "again")])).toBeUndefined();
    const answered = (writer: TranscriptWriter) => {
      failed(writer);
      writer.prompt("p2", "again");
      writer.text("m2", "fine");
    };
    expect(await read(answered)).toBeUndefined();
    expect(await read(() => undefined)).toBeUndefined();
  });
});
