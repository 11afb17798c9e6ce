import fc from "fast-check";
import { expect, test } from "vitest";
import { EventSplitter } from "../../../src/claude/spool/event-splitter.ts";
import type { HookEvent } from "../../../src/claude/spool/hook-event.ts";

function event(prompt: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ session_id: "s", hook_event_name: "UserPromptSubmit", prompt_id: "p", prompt, ...more });
}

function split(bytes: Buffer, sizes: readonly number[] = [], isInside = false): HookEvent[] {
  const splitter = new EventSplitter(0, { isInside });
  const events: HookEvent[] = [];
  let at = 0;
  for (const size of sizes) {
    events.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  events.push(...splitter.push(bytes.subarray(at)));
  return [...events, ...splitter.finish()];
}

function prompts(text: string | Buffer, isInside = false): (string | undefined)[] {
  return split(Buffer.from(text), [], isInside).map(({ prompt }) => prompt);
}

/** As it can stand in a file: without lone surrogates. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

const anyPrompt = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('{"session_id":"x","hook_event_name":"Stop"}', '}{"session_id"', '"', "\\", "\n", "[{", "\u2028"),
);

test("any events in any chunks, with or without line breaks between, read the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyPrompt, fc.constantFrom("", "\n", "\r\n"))),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }),
      (items, sizes) => {
        const bytes = Buffer.from(items.map(([prompt, between]) => event(wellFormed(prompt)) + between).join(""));

        expect(split(bytes, sizes).map(({ prompt }) => prompt)).toEqual(items.map(([prompt]) => wellFormed(prompt)));
      },
    ),
  );
});

test("a half-written event is left for the next read, at its own offset", () => {
  const first = event("one");
  const second = event("two");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: second.length - 1 }), (cut) => {
      const splitter = new EventSplitter(100, { isInside: false });

      const events = [...splitter.push(Buffer.from(first + second.slice(0, cut))), ...splitter.finish()];

      expect(events.map(({ prompt }) => prompt)).toEqual(["one"]);
      expect(splitter.offset).toBe(100 + first.length);
      expect([...splitter.push(Buffer.from(second.slice(cut))), ...splitter.finish()]).toMatchObject([
        { prompt: "two", offset: 100 + first.length },
      ]);
    }),
  );
});

test("an event whose writer died in the middle never costs the events after it", () => {
  const broken = event("a broken one", { tool_input: { list: [1, { deep: "x" }], flag: true, count: 12 } });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: broken.length - 1 }), fc.constantFrom("", "\n"), (cut, between) => {
      const text = `${event("before")}\n${broken.slice(0, cut)}${between}${event("after")}\n${event("last")}\n`;

      expect(prompts(text)).toEqual(["before", "after", "last"]);
    }),
  );
});

test("two writes mixed into each other cost at most those two", () => {
  const outer = event("x".repeat(300));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: outer.length - 1 }), (cut) => {
      const text = `${outer.slice(0, cut)}${event("inner")}\n${outer.slice(cut)}\n${event("after")}\n`;

      expect(prompts(text).at(-1)).toBe("after");
    }),
  );
});

test("starting inside an event, nothing nested in it is taken for one", () => {
  const nested = { session_id: "x", hook_event_name: "Stop", prompt: "forged" };
  const text = `${event("outer", { tool_input: { a: nested, list: [nested] } })}${event("next")}\n`;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: event("outer").length - 1 }), (from) => {
      expect(prompts(text.slice(from), true)).toEqual(["next"]);
    }),
  );
});

test("other JSON, garbage and NUL bytes are skipped", () => {
  const text = `null\n[1]\n{"a":1}\n\0\0\0${event("one")}garbage ${event("two")}`;

  expect(prompts(text)).toEqual(["one", "two"]);
});

test("a payload of 1 MB in small chunks is read in reasonable time", () => {
  const prompt = 'é\n"'.repeat(250_000);
  const bytes = Buffer.from(event(prompt));
  const sizes = Array.from({ length: Math.ceil(bytes.length / 4096) }, () => 4096);

  expect(split(bytes, sizes)[0]?.prompt).toBe(prompt);
});

test("the waiter in front of a request belongs to it, wherever the bytes are cut", () => {
  const waiter = '{"claude_orch_waiter":"811-1795244200"}';
  const text = `${event("before")}\n${waiter}${event("asked")}\n${event("after")}\n`;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: text.length }), (cut) => {
      const splitter = new EventSplitter(0, { isInside: false });
      const first = splitter.push(Buffer.from(text.slice(0, cut)));
      // A reader that goes on from here later must not lose the waiter either.
      const later = new EventSplitter(splitter.offset, { isInside: false });
      const events = [...first, ...later.push(Buffer.from(text.slice(splitter.offset))), ...later.finish()];

      expect(events.map(({ prompt, waiter: name }) => [prompt, name])).toEqual([
        ["before", undefined],
        ["asked", "811-1795244200"],
        ["after", undefined],
      ]);
    }),
  );
});

test("what would lead out of the folder of the waiters names none", () => {
  expect(split(Buffer.from(`{"claude_orch_waiter":"../../x"}${event("asked")}`))[0]?.waiter).toBeUndefined();
});
