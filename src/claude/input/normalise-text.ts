export interface NormalisedText {
  text: string;
  /** What was changed, one phrase each; empty when nothing was. */
  changes: string[];
}

interface Rule {
  phrase: string;
  pattern: RegExp;
  replacement: string;
}

const INVISIBLE = "invisible characters were removed";
/** A letter or mark of a script whose letters joiners shape. */
const JOINING = `(?=[\\p{L}\\p{M}])[${["Arabic", "Syriac", "Devanagari", "Sinhala"].map((script) => `\\p{scx=${script}}`).join("")}]`;
const BETWEEN_EMOJI =
  "(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}][\\ufe0e\\ufe0f]?)\\u200d\\p{Extended_Pictographic}";

/**
 * In this order. Each rule does what Claude Code's input box would do anyway, or takes out what would make it do
 * something else than receive a text (claude-code-facts §5.1).
 */
const RULES: readonly Rule[] = [
  { phrase: "carriage returns became line feeds", pattern: /\r\n?/g, replacement: "\n" },
  // CSI and OSC sequences whole: without their introducer, the rest would stand in the text as rubbish.
  {
    phrase: "terminal escape sequences were removed",
    pattern: /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/g,
    replacement: "",
  },
  { phrase: "control characters were removed", pattern: /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, replacement: "" },
  {
    phrase: "halves of surrogate pairs became replacement characters",
    pattern: /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    replacement: "\ufffd",
  },
  { phrase: "line and paragraph separators became line feeds", pattern: /[\u2028\u2029]/g, replacement: "\n" },
  // 2.1.330 drops them itself, and wants a second Enter after some. It spares those that shape what is seen, of which
  // these were seen to arrive: joiners behind letters that join and between emoji, variation selectors of emoji and
  // keycaps, marks of direction before words in a text of letters from right to left, flags.
  {
    phrase: INVISIBLE,
    pattern: new RegExp(`(?<!${JOINING})(?!${BETWEEN_EMOJI})[\\u200c\\u200d]`, "gu"),
    replacement: "",
  },
  {
    phrase: INVISIBLE,
    pattern: /(?<!\p{Extended_Pictographic})(?!(?<=[0-9#*])\ufe0f\u20e3)[\ufe0e\ufe0f]|[\ufe00-\ufe0d]/gu,
    replacement: "",
  },
  {
    phrase: INVISIBLE,
    pattern:
      /(?!\u200c|\u200d|[\u200e\u200f]|[\ufe00-\ufe0f]|[\u{e0020}-\u{e007f}])[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb\u{13430}-\u{1343f}]/gu,
    replacement: "",
  },
  {
    phrase: INVISIBLE,
    pattern: /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0020}-\u{e007f}]/gu,
    replacement: "",
  },
  // It marks them as its own; marked already, they pass in every version.
  { phrase: "pasted_content tags were escaped", pattern: /<(?=\/?pasted_content)/g, replacement: "<\\" },
];

const DIRECTION_MARKS: Rule = { phrase: INVISIBLE, pattern: /[\u200e\u200f]/g, replacement: "" };
/** Within a word they are dropped (2.1.330). */
const INNER_DIRECTION_MARKS: Rule = { phrase: INVISIBLE, pattern: /(?<=\S)[\u200e\u200f]/g, replacement: "" };
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const TABS: Rule = { phrase: "tabs became four spaces", pattern: /\t/g, replacement: "    " };
const LEADING: Rule = { phrase: "leading empty lines were removed", pattern: /^(?:[^\S\n]*\n)+/, replacement: "" };
const TRAILING: Rule = { phrase: "trailing blanks were removed", pattern: /\s+$/, replacement: "" };

/** The text as Claude Code's input box would take it, and what had to change for that. */
export function normaliseText(text: string): NormalisedText {
  return apply(text, [...RULES, TABS, LEADING, TRAILING, COMPOSED]);
}

/** The same for a text that goes through the editor, which carries tabs. */
export function normaliseForEditor(text: string): NormalisedText {
  return apply(text, [...RULES, LEADING, TRAILING, COMPOSED]);
}

const COMPOSED = "composed";

/** Again and again until nothing changes: what one rule takes out may bring together what another one is about. */
function apply(text: string, rules: readonly (Rule | typeof COMPOSED)[]): NormalisedText {
  const changes = new Set<string>();
  let current = text;
  for (let before: string | undefined; before !== current; ) {
    before = current;
    const marks = RIGHT_TO_LEFT.test(current) ? INNER_DIRECTION_MARKS : DIRECTION_MARKS;
    for (const rule of [marks, ...rules]) {
      const next = rule === COMPOSED ? current.normalize("NFC") : current.replace(rule.pattern, rule.replacement);
      if (next !== current) changes.add(rule === COMPOSED ? "decomposed letters were composed (NFC)" : rule.phrase);
      current = next;
    }
  }
  return { text: current, changes: [...changes] };
}
