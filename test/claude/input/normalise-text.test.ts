import { describe, expect, it } from "vitest";
import { normaliseForEditor, normaliseText } from "../../../src/claude/input/normalise-text.ts";
import { hostilePrompts } from "../../support/hostile-prompts.ts";

describe("normalising", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc", ["carriage returns became line feeds"]],
    ["\u001b]0;title\u0007a\u001b[31mb\u009b0m", "ab", ["terminal escape sequences were removed"]],
    ["a\u0000\u007f\u0085b", "ab", ["control characters were removed"]],
    ["\ud83d and \udc00", "\ufffd and \ufffd", ["halves of surrogate pairs became replacement characters"]],
    ["a\u2028b\u2029c", "a\nb\nc", ["line and paragraph separators became line feeds"]],
    ["a\u200b\u00ad\u202e\u2066b", "ab", ["invisible characters were removed"]],
    ["a\tb", "a    b", ["tabs became four spaces"]],
    [" \n\t\n  a", "  a", ["tabs became four spaces", "leading empty lines were removed"]],
    ["a \n\n", "a", ["trailing blanks were removed"]],
    ["e\u0301", "é", ["decomposed letters were composed (NFC)"]],
    ["<pasted_content>", "<\\pasted_content>", ["pasted_content tags were escaped"]],
  ])("tells of %j all that changes, and nothing else", (text, expected, changes) => {
    expect(normaliseText(text)).toEqual({ text: expected, changes });
  });

  it("leaves alone what shapes letters: joiners, variation selectors, flags, direction in texts from right to left", () => {
    for (const text of [
      "❤\ufe0f\u200d🔥",
      "👨🏽\u200d💻",
      "abc \u200eשל",
      "👩‍👩‍👧",
      "❤\ufe0f",
      "1\ufe0f\u20e3",
      "می\u200cخواهم",
      "\u200fשלום",
      "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
      "क्\u200dष",
    ]) {
      expect(normaliseText(text)).toEqual({ text, changes: [] });
    }
  });

  it("takes out what Claude Code 2.1.330 was seen to drop", () => {
    const seen = {
      "é\u200dم": "éم",
      "日\u200d本": "日本",
      "日\ufe0f": "日",
      "Å\ufe0f": "Å",
      "ש\u200cל": "של",
      "🏴\u200d\ufe0f]": "🏴\ufe0f]",
      "😀\u200c😀": "😀😀",
      "1\ufe0fx": "1x",
      "של\u200fום": "שלום",
      "م \u200dن": "م ن",
      "_\ufdd0{\u{1fffe}": "_{",
    };
    for (const [text, expected] of Object.entries(seen)) {
      expect(normaliseText(text)).toEqual({ text: expected, changes: ["invisible characters were removed"] });
    }
  });

  it("keeps tabs for the editor", () => {
    expect(normaliseForEditor("\ta\tb")).toEqual({ text: "\ta\tb", changes: [] });
  });

  it("changes nothing the second time, whatever the text: what is typed again after a crash stays the same", () => {
    // The first has letters from right to left only in what is removed.
    const texts = ["\u001b]0;ש\u0007 \u200fa", ...hostilePrompts().map(({ text }) => text), ...randomTexts(2000)];
    for (const normalise of [normaliseText, normaliseForEditor]) {
      for (const text of texts) {
        const once = normalise(text);
        expect([text, normalise(once.text)]).toEqual([text, { text: once.text, changes: [] }]);
        expect([text, once.changes.length > 0]).toEqual([text, once.text !== text]);
      }
    }
  });
});

/** The same ones in every run, made of what the rules are about. */
function randomTexts(count: number): string[] {
  const parts = [
    ...["a", " ", "\n", "\t", "\r", "\u0000", "\u001b", "\u001b[", "31m", "\u001b]0;", "\u0007", "\u009b", "\u0085"],
    ...["\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\ufe0f", "\u{e0067}", "\u{1f3f4}", "\u2028", "\u3000"],
    ...["é", "e\u0301", "\u1112\u1161", "ש", "😀", "\ud83d", "\udc00", "<", "pasted_content", "1", "\\"],
  ];
  let seed = 1;
  const below = (bound: number) => {
    // Park and Miller's generator.
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % bound;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + below(8) }, () => parts[below(parts.length)]).join(""),
  );
}
