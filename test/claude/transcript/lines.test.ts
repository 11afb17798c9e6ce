import fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteSource } from "../../../src/claude/transcript/byte-source.ts";
import { LineSplitter, linesBackward, linesForward, MAX_LINE_BYTES } from "../../../src/claude/transcript/lines.ts";
import { StringShortener } from "../../../src/claude/transcript/string-shortener.ts";

function sourceOf(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    modifiedAt: 0,
    // At most 1000 bytes a read: short reads happen.
    read: async (into, position) =>
      bytes.copy(into, 0, position, Math.min(bytes.length, position + Math.min(into.length, 1000))),
    close: async () => {},
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What a reader must see: complete lines with their offsets, empty ones left out. */
function expected(bytes: Buffer): { offset: number; end: number; text: string }[] {
  const lines: { offset: number; end: number; text: string }[] = [];
  let offset = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, offset)) {
    if (at > offset) lines.push({ offset, end: at + 1, text: bytes.toString("latin1", offset, at) });
    offset = at + 1;
  }
  return lines;
}

function seen({ offset, end, bytes }: { offset: number; end: number; bytes: Buffer }) {
  return { offset, end, text: bytes.toString("latin1") };
}

const anyBytes = fc
  .array(
    fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(Uint8Array.of(10)), fc.constant(Uint8Array.of(13, 10))),
  )
  .map((parts) => Buffer.concat(parts));

test("any chunking of any bytes gives the same lines, and a half line none", () => {
  fc.assert(
    fc.property(anyBytes, fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 }), (bytes, sizes) => {
      const splitter = new LineSplitter(0);
      const lines = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        lines.push(...splitter.push(bytes.subarray(at, at + size)));
        at = Math.min(bytes.length, at + size);
      }

      expect(lines.map(seen)).toEqual(expected(bytes));
      expect(splitter.offset).toBe(bytes.lastIndexOf(10) + 1);
    }),
  );
});

test("reading forwards and backwards gives the same lines, over blocks of 64 KB too", async () => {
  const big = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 6 }).map((lengths) => {
    return Buffer.from(lengths.map((length, index) => String(index % 10).repeat(length)).join("\n"));
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyBytes, big), async (bytes) => {
      const forward = (await collect(linesForward(sourceOf(bytes), 0))).map(seen);
      const backward = (await collect(linesBackward(sourceOf(bytes)))).map(seen);

      expect(forward).toEqual(expected(bytes));
      expect(backward.reverse()).toEqual(forward);
    }),
    { numRuns: 60 },
  );
});

test("a line of 16 MB keeps what identifies it and loses only the middle of its text, in both directions", async () => {
  const huge = JSON.stringify({
    parentUuid: "p",
    message: { content: "ü".repeat(8_500_000) },
    uuid: "u",
    type: "user",
  });
  const bytes = Buffer.from(`{"n":1}\n${huge}\n{"n":3}\n`);

  for (const lines of [
    await collect(linesForward(sourceOf(bytes), 0)),
    (await collect(linesBackward(sourceOf(bytes)))).reverse(),
  ]) {
    expect(lines).toHaveLength(3);
    const line = lines[1]?.bytes ?? Buffer.alloc(0);
    expect(line.length).toBeLessThan(MAX_LINE_BYTES / 64);
    expect(JSON.parse(line.toString("utf8"))).toMatchObject({ parentUuid: "p", uuid: "u", type: "user" });
    expect(lines[2]?.bytes.toString()).toBe('{"n":3}');
  }
});

test("shortening keeps any JSON parseable and everything but its long strings the same", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), fc.integer({ min: 1, max: 30 }), (json, size) => {
      const shortener = new StringShortener({ maxString: 8, maxTotal: 1_000_000 });
      const bytes = Buffer.from(json);
      for (let at = 0; at < bytes.length; at += size) shortener.push(bytes.subarray(at, at + size));

      const text = shortener.result()?.toString("utf8") ?? "";

      expect(shapeOf(JSON.parse(text))).toEqual(shapeOf(JSON.parse(json)));
      expect(text).not.toContain("\ufffd".repeat(json.includes("\ufffd") ? 1_000 : 1));
    }),
  );
});

/** A value with every string replaced by the part that is always kept. */
function shapeOf(value: unknown): unknown {
  if (typeof value === "string") return Buffer.from(value).length <= 2 ? value : "…";
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.values(value).map(shapeOf);
}
