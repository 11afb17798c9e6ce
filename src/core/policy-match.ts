import type { ParsedRule } from "./policy-rule.ts";

/** A use of a tool, as far as rules look at it. */
export interface RuleSubject {
  tool: string;
  input: unknown;
  /** Folder that relative paths count from: the agent's own. */
  cwd: string;
  /** Folder behind `~/`, when it is known. */
  home: string | null;
}

/**
 * Does this rule cover this use? Only for naming the rule behind a decision that Claude Code has made: it knows more of
 * shells than this does, and it alone decides. Follows what 2.1.197 and 2.1.330 were seen to do.
 */
export function coversUse(rule: ParsedRule, subject: RuleSubject): boolean {
  if (!coversTool(rule, subject.tool)) return false;
  if (rule.argument === null || rule.argument === "*") return true;
  const input = isRecord(subject.input) ? subject.input : {};
  switch (rule.tool) {
    case "Bash":
      return commandsOf(textOf(input.command)).some((command) => coversCommand(rule.argument ?? "", command));
    case "Read":
    case "Edit":
      return coversPath(rule.argument, textOf(input.file_path ?? input.notebook_path ?? input.path), subject);
    case "WebFetch":
      return coversDomain(rule.argument, textOf(input.url));
    default:
      return Object.values(input).some((value) => value === rule.argument);
  }
}

/** A rule with a path covers other tools too: Edit(src/**) also what Write does, and Read(…) what searches there. */
const SAME_FILES: Readonly<Record<string, readonly string[]>> = {
  Edit: ["Write", "MultiEdit", "NotebookEdit"],
  Read: ["Glob", "Grep", "LS", "Write", "Edit", "MultiEdit", "NotebookEdit"],
};

function coversTool({ tool, argument }: ParsedRule, used: string): boolean {
  if (tool === "*" || tool === used) return true;
  if (tool.startsWith("mcp__")) return coversMcpTool(tool, used);
  if (argument !== null && SAME_FILES[tool]?.includes(used)) return true;
  // The tool was renamed; rules are understood by both names.
  return ["Task", "Agent"].includes(tool) && ["Task", "Agent"].includes(used);
}

/** `mcp__server` stands for all its tools. */
function coversMcpTool(rule: string, used: string): boolean {
  if (rule.includes("*")) return glob(rule).test(used);
  return used.startsWith(`${rule}__`) && !rule.slice("mcp__".length).includes("__");
}

/** Words that Claude Code looks behind: they only change how a command runs. */
const WRAPPER =
  /^(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)|env|sudo|nohup|nice(?:\s+-n\s*-?\d+)?|time|stdbuf(?:\s+-\S+)*|timeout(?:\s+-\S+)*\s+\S+)\s+/;

/** The commands of a line, without redirections and wrappers. Quotes hide separators; here-documents are not looked into. */
function commandsOf(line: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
      part += character;
    } else if (character === "\\") {
      part += line.slice(at, at + 2);
      at += 1;
    } else if (character === "'" || character === '"') {
      quote = character;
      part += character;
    } else if (/[;&|\n]/.test(character)) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part].map(bareCommand).filter((command) => command !== "");
}

function bareCommand(command: string): string {
  let bare = command
    .replace(/\d*>>?\s*\S+|\d*<\s*\S+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  for (let next = bare.replace(WRAPPER, ""); next !== bare; next = bare.replace(WRAPPER, "")) bare = next;
  return bare;
}

/** `npm test:*` and `npm test *` cover `npm test` and `npm test x`, not `npm tests`; a `*` elsewhere any characters. */
function coversCommand(pattern: string, command: string): boolean {
  const prefix = /^(.*?)(?::\*| \*)$/.exec(pattern)?.[1];
  if (prefix === undefined) return glob(pattern.replace(/\s+/g, " ")).test(command);
  return glob(prefix).test(command) || glob(`${prefix} *`).test(command);
}

/** Paths as in a gitignore file: a pattern without a slash holds at any depth, and a folder stands for what is in it. */
function coversPath(pattern: string, path: string, { cwd, home }: RuleSubject): boolean {
  if (path === "") return false;
  const file = path.startsWith("/") ? path : `${cwd}/${path}`;
  if (pattern.startsWith("~/") && home === null) return false;
  const isAnywhere = !/\/(?=.)/.test(pattern.replace(/\/$/, ""));
  const absolute = pattern.startsWith("//")
    ? pattern.slice(1)
    : pattern.startsWith("~/")
      ? `${home}/${pattern.slice(2)}`
      : `${cwd}/${isAnywhere ? "**/" : ""}${pattern.replace(/^\.\//, "")}`;
  return pathGlob(absolute.replace(/\/$/, "")).test(file);
}

function pathGlob(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\/\*\*$|\*\*|\*|\?)/)
    .map((piece) => {
      switch (piece) {
        case "**/":
          return "(?:[^/]+/)*";
        case "/**":
          return "/.+";
        case "**":
          return ".*";
        case "*":
          return "[^/]*";
        case "?":
          return "[^/]";
        default:
          return literal(piece);
      }
    })
    .join("");
  return new RegExp(`^${source}(?:/.*)?$`, "s");
}

function coversDomain(argument: string, url: string): boolean {
  const host = /^[a-z]+:\/\/([^/?#:]+)/i.exec(url)?.[1]?.toLowerCase();
  return host !== undefined && glob(argument.replace(/^domain:/, "").toLowerCase()).test(host);
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`, "s");
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
