export interface HostilePrompt {
  name: string;
  text: string;
  isExact?: boolean;
  /** What the receiver's transcript must hold; the text itself when absent. */
  expected?: string;
  /** Error code of a text that is refused before anything is typed. */
  refused?: "TEXT_EMPTY" | "TEXT_NOT_DELIVERABLE";
}

/** 200 texts that a terminal, a shell or an input box may take for something else than a text. */
export function hostilePrompts(): HostilePrompt[] {
  return [
    ...LEADING_CHARACTERS,
    ...COMMANDS,
    ...TRAILING,
    ...SHELL,
    ...TMUX,
    ...CONTROL,
    ...BLANKS,
    ...UNICODE,
    ...LINES,
    ...sizes(),
    ...MARKUP,
    ...ESCAPED,
    ...EXACT,
  ];
}

const same = (...texts: string[]): HostilePrompt[] =>
  texts.map((text) => ({ name: JSON.stringify(text).slice(0, 60), text }));
const becomes = (text: string, expected: string): HostilePrompt => ({
  name: `${JSON.stringify(text).slice(0, 60)} changes`,
  text,
  expected,
});
const refused = (text: string, code: NonNullable<HostilePrompt["refused"]>, isExact = false): HostilePrompt => ({
  name: `${JSON.stringify(text).slice(0, 60)}${isExact ? " exactly" : ""} is refused`,
  text,
  refused: code,
  isExact,
});
const exact = (text: string): HostilePrompt => ({
  name: `${JSON.stringify(text).slice(0, 60)} exactly`,
  text,
  isExact: true,
});

const LEADING_CHARACTERS = [
  ...same("!echo shell", "! echo shell", "!", "!!", " !echo after a blank", "!a\n!b"),
  ...same("#", "# heading", "#memory this", "##", "#!/bin/sh"),
  ...same(
    "@",
    "@nope",
    "@README.md",
    "@README.md please",
    "read @README.md",
    "read @README",
    "@/etc/hostname",
    "a@b.example",
  ),
  ...same(
    "&",
    "& background",
    "&& true",
    "-",
    "--help",
    "-v",
    "--",
    "- item",
    "+",
    "=",
    "~",
    "~/x",
    "%",
    "%0",
    "?",
    "??",
    "? why",
  ),
  ...same(
    ":",
    ":q!x",
    ";",
    "; ls",
    "|",
    "| cat",
    ">",
    "> quote",
    "<",
    "< in",
    "*",
    "**bold**",
    "(",
    ")",
    "[",
    "{",
    "}",
  ),
  ...same("0", "1", "2", "y", "n", "q", "a", "j", "k", "i", "0 rows", "1. first"),
];

const COMMANDS = [
  ...["/clear", "/help me", "/exit", "/nope", "/", "/ x", " /clear x", "\n/clear", "/mcp\nnow"].map((text) =>
    refused(text, "TEXT_NOT_DELIVERABLE"),
  ),
  ...same("/usr/bin/env is a path", "/a/b", "//comment", "/tmp/x.txt", "say /clear", "exit now", "clear", "ultrathink"),
];

const TRAILING = [
  ...same("ends with a backslash\\", "two \\\\", "\\", "a\\\nb", "a \\", "ends with a semicolon;", "a;", "\\;", "x\\;"),
  becomes("blanks   ", "blanks"),
  becomes("line feed\n", "line feed"),
  becomes("line feeds\n\n\n", "line feeds"),
  becomes("tab\t", "tab"),
  becomes("backslash and blank\\ ", "backslash and blank\\"),
];

const SHELL = same(
  "$HOME",
  "$(touch pwned)",
  "`touch pwned`",
  `$${"{PATH}"}`,
  "'single'",
  '"double"',
  "it's",
  '"',
  "'",
  "`",
  "a'b\"c`d",
  "$'\\n'",
  "a && b || c",
  "x > /dev/null 2>&1",
  "!$",
  "!!:p",
  "{a,b}",
  "*?[a-z]",
  "\\n \\t \\x1b",
  "%s %d %n",
  "EOF",
  "<<EOF\nx\nEOF",
);

const TMUX = same(
  "Enter",
  "C-c",
  "Escape",
  "#{pane_id}",
  "#(date)",
  "#[fg=red]",
  "%7",
  "send-keys -t 0 x",
  "Space",
  "M-x",
  "^C",
  "\\033[A",
  "-t",
  "BSpace",
);

const CONTROL = [
  becomes("a\u0000b", "ab"),
  becomes("a\u0003b", "ab"),
  becomes("a\u0004b", "ab"),
  becomes("a\u0007b", "ab"),
  becomes("a\bb", "ab"),
  becomes("a\u000bb", "ab"),
  becomes("a\u000cb", "ab"),
  becomes("a\u001ab", "ab"),
  becomes("a\u001bb", "ab"),
  becomes("a\u007fb", "ab"),
  becomes("a\u0085b", "ab"),
  becomes("a\u009b31mb", "ab"),
  becomes("before\u001b[201~after", "beforeafter"),
  becomes("\u001b[200~nested\u001b[201~", "nested"),
  becomes("\u001b[31mred\u001b[0m", "red"),
  becomes("\u001b]0;title\u0007text", "text"),
  becomes("\u001b]52;c;eA==\u001b\\text", "text"),
  becomes("up\u001b[A", "up"),
  becomes("cr\rlf", "cr\nlf"),
  becomes("crlf\r\nlf", "crlf\nlf"),
  becomes("a\tb", "a    b"),
  refused("\u001b[A", "TEXT_EMPTY"),
];

const BLANKS = [
  ...["", " ", "   ", "\n", "\n\n", "\t", " \n\t ", "\r\n", "\u00a0", "\u3000"].map((text) =>
    refused(text, "TEXT_EMPTY"),
  ),
  ...same(" leading", "    four", "a  b", "a\u00a0b", "a\u3000b", "a \n b"),
  becomes("\nleading line", "leading line"),
  becomes(" \n\n  indented", "  indented"),
];

const UNICODE = [
  ...same(
    "😀",
    "👩‍👩‍👧‍👦 family",
    "🇨🇭",
    "👍🏽",
    "é composed",
    "日本語のテキスト",
    "한국어",
    "中文，全角",
    "שלום עולם",
    "مرحبا بالعالم",
    "𝕏 outside the base plane",
    "ÄÖÜ ß",
    "“quotes” – dash…",
    "\ue000 private use",
    "\ufffd",
  ),
  becomes("e\u0301 decomposed", "é decomposed"),
  becomes("\u1112\u1161\u11ab jamo", "한 jamo"),
  becomes("a\u200bb zero width", "ab zero width"),
  becomes("a\u200db", "ab"),
  becomes("a\u202eb right to left", "ab right to left"),
  becomes("a\u2028b", "a\nb"),
  becomes("a\u00adb", "ab"),
  becomes("x\ufeffy", "xy"),
  becomes("é\u200dم", "éم"),
  becomes("日\ufe0f", "日"),
  becomes("של\u200fום", "שלום"),
  becomes("_\ufdd0{", "_{"),
  refused("\u0378", "TEXT_NOT_DELIVERABLE"),
  ...same("می\u200cخواهم", "\u200fשלום", "❤\ufe0f heart", "❤\ufe0f\u200d🔥"),
  becomes("half \ud83d pair", "half \ufffd pair"),
  ...same("z\u0335\u0321\u0328 stacked marks"),
];

const LINES = [
  ...same(
    "a\nb",
    "a\nb\nc",
    "a\nb\nc\nd",
    "a\n\n\n\nb",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\n10",
    "a\n\\\nb",
    "def f():\n    return 1\n\n\nprint(f())",
  ),
  becomes("a\n\tb\n\tc\nd", "a\n    b\n    c\nd"),
];

function sizes(): HostilePrompt[] {
  const size = (name: string, text: string): HostilePrompt => ({ name, text });
  const line = "The quick brown fox jumps over the lazy dog.\n";
  return [
    ...[699, 700, 701, 799, 800, 801, 1023, 1024, 4095, 4096, 16_384, 65_536].map((length) =>
      size(`${length} characters in one line`, `${"x".repeat(length - 1)}.`),
    ),
    size("10 kB in lines", `${line.repeat(222)}end`),
    size("100 kB in lines", `${line.repeat(2222)}end`),
    size("1 MB in lines", `${line.repeat(22_222)}end`),
    size("emoji over the limit", "😀".repeat(500)),
    size("words over the limit", `${"word ".repeat(200)}end`),
  ];
}

const MARKUP = same(
  "```sh\nrm -rf /\n```",
  "<b>bold</b>",
  "<system-reminder>x</system-reminder>",
  "[Pasted text #1 +3 lines]",
  "[Image #1]",
  "look at shot.png",
  "/tmp/shot.png",
  '{"json": [1, "two", null]}',
  "| a | b |\n|---|---|",
  "https://example.com/?a=b&c=%20#x",
  "C:\\path\\to",
  "key: value\nlist:\n  - a",
);

const ESCAPED = [becomes('<pasted_content id="x">y</pasted_content>', '<\\pasted_content id="x">y<\\/pasted_content>')];

const EXACT = [
  ...["a\tb", "\tindented with a tab", "all:\n\tcc -o x x.c", "plain", "!exact", " leading", "a\\"].map(exact),
  ...["ends with a blank ", "line feed\n", "a\rb", "a\u0000b", "e\u0301", "\u001b[31mred", "\n leading line"].map(
    (text) => refused(text, "TEXT_NOT_DELIVERABLE", true),
  ),
];
