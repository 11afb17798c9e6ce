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

/** The same error with fields called by their argument names, as the caller knows them. */
export function inArgumentNames(error: AppError, operation: Operation): AppError {
  const issues = error.code === "INVALID_INPUT" ? fieldIssues(error.details.issues) : [];
  const [first] = issues;
  if (first === undefined) return error;
  return new AppError("INVALID_INPUT", `${toolName(operation.name)}: ${sayProblem(first.field, first.problem)}`, {
    hint: "See the tool's input schema for what it takes.",
    details: { ...error.details, issues },
    cause: error,
  });
}

function fieldIssues(issues: unknown): { field: string; problem: string }[] {
  if (!Array.isArray(issues)) return [];
  return issues.flatMap((issue: { field?: unknown; problem?: unknown }) =>
    typeof issue.field === "string" && typeof issue.problem === "string"
      ? [{ field: argumentName(issue.field), problem: issue.problem }]
      : [],
  );
}
