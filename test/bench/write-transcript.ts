import { randomUUID } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { TranscriptWriter } from "../claude/transcript/records.ts";

/** Turns of some 12 kB each, with a tool result now and then, hanging off each other like Claude Code's. */
export async function writeTranscript(folder: string, conversationId: string, bytes: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${conversationId}.jsonl`);
  const handle = await open(file, "wx");
  const writer = new TranscriptWriter();
  for (let size = 0; size < bytes; ) {
    for (let turn = 0; turn < 100; turn++) {
      const promptId = randomUUID();
      writer.prompt(promptId, `prompt ${turn} of many`);
      writer.result(promptId, randomUUID(), "some output of a tool\n".repeat(300));
      writer.text(randomUUID(), "an answer of some length ".repeat(200));
    }
    const text = `${writer.lines.splice(0).join("\n")}\n`;
    size += Buffer.byteLength(text);
    await handle.write(text);
  }
  writer.prompt(randomUUID(), "the very last prompt");
  writer.text(randomUUID(), "the very last answer");
  await handle.write(`${writer.lines.splice(0).join("\n")}\n`);
  await handle.close();
  return file;
}
