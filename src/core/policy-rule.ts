import { AppError } from "./errors.ts";
import { nearNames } from "./near-names.ts";
import type { PolicyRule } from "./session.ts";

/** A permission rule, taken apart: `Bash(npm test:*)` → tool `Bash`, argument `npm test:*`. */
export interface ParsedRule {
  tool: string;
  /** Null where the rule covers every use of the tool. */
  argument: string | null;
}

const MAX_LENGTH = 500;
const TOOL = /^[A-Z][A-Za-z0-9]{0,63}$/;
const MCP_TOOL = /^mcp__[A-Za-z0-9.-]+(?:_[A-Za-z0-9.-]+)*(?:__[A-Za-z0-9._*-]+)?$/;

/** Tools of 2.1.197 and 2.1.330, for hints; there may be more. */
const KNOWN_TOOLS = [
  ...["Agent", "AskUserQuestion", "Bash", "BashOutput", "Edit", "EnterPlanMode", "ExitPlanMode", "Glob", "Grep"],
  ...[
    "KillShell",
    "LSP",
    "MultiEdit",
    "NotebookEdit",
    "Read",
    "Skill",
    "Task",
    "TaskCreate",
    "TaskUpdate",
    "TodoWrite",
  ],
  ...["WebFetch", "WebSearch", "Write"],
];

/** Claude Code looks only at the rules of the tool behind the arrow when it decides about files. */
const FILE_RULES: Readonly<Record<string, string>> = {
  Write: "Edit",
  MultiEdit: "Edit",
  NotebookEdit: "Edit",
  Glob: "Read",
  Grep: "Read",
};

/**
 * Reads a rule in Claude Code's own syntax. Refused is what Claude Code would skip with a warning that blocks its start,
 * and what it would take without ever applying it: both were seen in 2.1.197 and 2.1.330.
 * @throws POLICY_RULE_INVALID
 */
export function parsePolicyRule(text: string, effect: PolicyRule["effect"]): ParsedRule {
  const refuse = (why: string, hint?: string): never => {
    throw new AppError("POLICY_RULE_INVALID", `${JSON.stringify(text)} is no permission rule: ${why}`, {
      ...(hint === undefined ? {} : { hint }),
      details: { rule: text },
    });
  };
  if (text.trim() === "") return refuse("it is empty");
  if (/\p{Cc}/u.test(text)) return refuse("it holds a control character or a line break");
  if (text.length > MAX_LENGTH) return refuse(`it is longer than ${MAX_LENGTH} characters`);
  const open = text.indexOf("(");
  const tool = open < 0 ? text : text.slice(0, open);
  if (!areBracketsBalanced(text) || (open >= 0 && !text.endsWith(")"))) return refuse("its brackets do not match");
  const argument = open < 0 ? null : text.slice(open + 1, -1);
  if (argument?.trim() === "") return refuse("its brackets are empty", `Write ${tool} for every use of the tool.`);

  if (tool.startsWith("mcp__")) {
    if (!MCP_TOOL.test(tool)) return refuse("a rule for an MCP server is written mcp__server or mcp__server__tool");
    if (argument !== null) return refuse("rules for MCP tools take no argument", `Write ${tool} without brackets.`);
    return { tool, argument };
  }
  if (tool === "*" && argument === null && effect !== "allow") return { tool, argument };
  if (!TOOL.test(tool)) {
    const near = nearNames(tool, KNOWN_TOOLS);
    return refuse(
      tool === "*" ? "everything can be denied or asked about, but not allowed" : "that is no name of a tool",
      near.length > 0 ? `Did you mean ${near.join(" or ")}? Case matters.` : undefined,
    );
  }
  if (argument !== null) checkArgument(tool, argument, refuse);
  return { tool, argument };
}

/** Names that the tool may have been meant to be; undefined for a tool that is known, or like none. */
export function nearTools(tool: string): string[] | undefined {
  if (KNOWN_TOOLS.includes(tool) || tool.startsWith("mcp__") || tool === "*") return undefined;
  const near = nearNames(tool, KNOWN_TOOLS);
  return near.length === 0 ? undefined : near;
}

function checkArgument(tool: string, argument: string, refuse: (why: string, hint?: string) => never): void {
  const fileTool = FILE_RULES[tool];
  if (fileTool !== undefined) {
    refuse(`Claude Code decides about files by its ${fileTool} rules`, `Write ${fileTool}(${argument}).`);
  }
  const prefixAt = argument.indexOf(":*");
  if (tool === "Bash") {
    if (prefixAt === 0) refuse("there is no command before :*", "Write Bash for every command.");
    if (prefixAt > 0 && prefixAt !== argument.length - 2) refuse(":* stands only at the end of a command");
  }
  if (tool === "Read" || tool === "Edit") {
    if (prefixAt >= 0) refuse(":* is for commands, not for paths", "Write * or ** instead.");
    if (/^\/(?!\/)/.test(argument)) {
      // It would count from the folder of the settings file, which is ours.
      refuse("a path with one leading slash is not absolute", `Write ${tool}(/${argument}), or ./ for the project.`);
    }
  }
  if (tool === "WebFetch" && !argument.startsWith("domain:")) {
    refuse("the argument of WebFetch is a domain", `Write WebFetch(domain:${hostOf(argument)}).`);
  }
  if (tool === "WebSearch" && /[*?]/.test(argument)) refuse("WebSearch takes no wildcards");
}

function hostOf(argument: string): string {
  return argument.replace(/^[a-z]+:\/\//i, "").replace(/\/.*$/, "");
}

/** Every bracket that is not escaped has its partner, and the first one closes at the end: one rule, not two. */
function areBracketsBalanced(text: string): boolean {
  const plain = text.replace(/\\./g, "  ");
  let depth = 0;
  for (const { 0: bracket, index } of plain.matchAll(/[()]/g)) {
    depth += bracket === "(" ? 1 : -1;
    if (depth < 0 || (depth === 0 && index < plain.length - 1)) return false;
  }
  return depth === 0;
}
