import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { AppError, toEnvelope } from "../core/errors.ts";
import { sayProblem } from "../operations/field-names.ts";
import type { Operation } from "../operations/operation.ts";
import { argumentName, toolName } from "./argument-names.ts";
import { MAX_TEXT_CHARS, shortenedJson } from "./shortened-json.ts";

/**
 * The result of a call that went well: the operation's JSON, structured and as text. The structured content is always
 * whole. A text over the size that clients keep in a conversation is a shortened copy that says so; Claude Code shows
 * its model the structured content and saves an overlong one to a file by itself (claude-code-facts §12).
 */
export function successResult(output: Record<string, unknown>): CallToolResult {
  const json = JSON.stringify(output);
  if (json.length <= MAX_TEXT_CHARS) return { content: [{ type: "text", text: json }], structuredContent: output };
  const note = `This text is a shortened copy: the whole result has ${json.length} characters and is in the structured content. To get less, ask for a smaller part.`;
  return {
    content: [
      { type: "text", text: shortenedJson(output, MAX_TEXT_CHARS) },
      { type: "text", text: note },
    ],
    structuredContent: output,
  };
}

/**
 * The result of a call that failed: the error envelope as text. No structured content, because a client would hold it
 * against the output schema and throw (style §5).
 */
export function errorResult(error: AppError): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(toEnvelope(error)) }], isError: true };
}

const ABOUT_SCHEMA = "See the tool's input schema for what it takes.";

/** The same error with fields called by their argument names, as the caller knows them. */
export function inArgumentNames(error: AppError, operation: Operation): AppError {
  const issues = error.code === "INVALID_INPUT" ? fieldIssues(error.details.issues) : [];
  const [first] = issues;
  if (first === undefined) return error;
  return new AppError("INVALID_INPUT", `${toolName(operation.name)}: ${sayProblem(first.field, first.problem)}`, {
    hint: ABOUT_SCHEMA,
    details: { ...error.details, issues },
    cause: error,
  });
}

/**
 * The same error with a hint for a model: it has tools, and perhaps no shell. `claude-orch task list` becomes `task_list`
 * where the caller has that tool, and `--wait-timeout` `wait_timeout`; other commands stay, for a person to run.
 */
export function inToolNames(error: AppError, tools: ReadonlySet<string>): AppError {
  const named = error.hint
    .replace("Run the command with --help to see what it takes.", ABOUT_SCHEMA)
    .replace(/\bclaude-orch ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?/g, (command: string, topic: string, verb?: string) => {
      const tool = toolName(verb === undefined ? topic : `${topic}.${verb}`);
      if (tools.has(tool)) return tool;
      return verb !== undefined && tools.has(topic) ? `${topic} ${verb}` : command;
    });
  const isForShell = /\bclaude-orch [a-z]/.test(named);
  const hint = isForShell
    ? named
    : named.replace(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g, (_, flag: string) => toolName(flag));
  if (hint === error.hint) return error;
  return new AppError(error.code, error.message, { hint, details: error.details, cause: error });
}

function fieldIssues(issues: unknown): { field: string; problem: string }[] {
  if (!Array.isArray(issues)) return [];
  return issues.flatMap((issue: { field?: unknown; problem?: unknown }) =>
    typeof issue.field === "string" && typeof issue.problem === "string"
      ? [{ field: argumentName(issue.field), problem: issue.problem }]
      : [],
  );
}
