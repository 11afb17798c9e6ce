import type { WaitingFor } from "../../core/agent.ts";
import { type HookEvent, requestIdOf } from "../spool/hook-event.ts";
import { isObject, stringOf } from "../transcript/json-fields.ts";

/** After one of these nothing that the same agent or subagent asked before can still be open. */
const ENDS = new Set(["Stop", "StopFailure", "SubagentStop"]);
const SESSION_ENDS = new Set(["SessionStart", "SessionEnd"]);
const RESULTS = new Set(["PostToolUse", "PostToolUseFailure", "PermissionDenied"]);

export interface PendingRequest {
  request: HookEvent;
  /** Which use of the tool it is about, from its PreToolUse: the request itself does not tell (facts §3.4). */
  useId: string | null;
}

/**
 * Requests that Claude Code made and that no later event settles, oldest first. A person's No leaves no event at all:
 * whether one of these is really open, the session file says.
 */
export function pendingRequests(events: readonly HookEvent[]): HookEvent[] {
  return pendingWithUses(events).map(({ request }) => request);
}

/** The same, with the uses of tools they are about. */
export function pendingWithUses(events: readonly HookEvent[]): PendingRequest[] {
  let pending: PendingRequest[] = [];
  /** Uses that were announced and for which no request was seen yet. */
  const announced: HookEvent[] = [];
  for (const event of events) {
    if (SESSION_ENDS.has(event.name)) pending = [];
    // A subagent in the background may ask while the agent's own turn is over.
    else if (ENDS.has(event.name)) {
      pending = pending.filter(({ request }) => request.subagentId !== event.subagentId);
    } else if (event.name === "UserPromptSubmit") {
      pending = pending.filter(({ request }) => request.subagentId !== null || request.promptId === event.promptId);
    } else if (event.name === "PreToolUse") announced.push(event);
    else if (event.name === "PermissionRequest") {
      const use = announced.findLastIndex((candidate) => isSameTool(candidate, event));
      const [taken] = use < 0 ? [] : announced.splice(use, 1);
      pending.push({ request: event, useId: taken?.tool?.useId ?? null });
    } else if (RESULTS.has(event.name)) {
      const settled = pending.findIndex(({ request, useId }) =>
        useId === null || !event.tool?.useId ? isSameTool(request, event) : useId === event.tool.useId,
      );
      if (settled >= 0) pending.splice(settled, 1);
    }
  }
  return pending;
}

function isSameTool(a: HookEvent, b: HookEvent): boolean {
  return a.tool?.name === b.tool?.name && JSON.stringify(a.tool?.input) === JSON.stringify(b.tool?.input);
}

/** What a request asks, for a person or a program to answer. */
export function waitingForOf(request: HookEvent): WaitingFor {
  const tool = request.tool?.name ?? "";
  const input = request.tool?.input;
  const requestId = requestIdOf([request.sessionId, request.promptId, request.offset, tool, input]);
  if (tool === "AskUserQuestion") return { kind: "question", requestId, tool, ...questionOf(input) };
  if (tool === "ExitPlanMode") return { kind: "plan", requestId, tool, summary: planSummary(input) };
  return { kind: "permission", requestId, tool, summary: oneLine(`${tool}: ${subjectOf(input)}`) };
}

function questionOf(input: unknown): Pick<WaitingFor, "summary" | "options"> {
  const questions = isObject(input) && Array.isArray(input.questions) ? input.questions.filter(isObject) : [];
  const summary = oneLine(questions.map((question) => stringOf(question.question) ?? "").join(" / "));
  const [only, second] = questions;
  const options = only && !second && Array.isArray(only.options) ? only.options.filter(isObject) : [];
  const labels = options.flatMap((option) => stringOf(option.label) ?? []);
  return { summary: summary === "" ? "A question" : summary, ...(labels.length === 0 ? {} : { options: labels }) };
}

function planSummary(input: unknown): string {
  const plan = isObject(input) ? stringOf(input.plan) : null;
  return plan === null || plan.trim() === "" ? "Approve the plan" : oneLine(`Approve the plan: ${plan}`);
}

/** The part of a tool's input that a person decides by. */
export function subjectOf(input: unknown): string {
  if (!isObject(input)) return String(input ?? "");
  for (const name of ["command", "file_path", "notebook_path", "url", "path", "pattern", "query", "description"]) {
    const value = stringOf(input[name]);
    if (value !== null && value !== "") return value;
  }
  return JSON.stringify(input);
}

const MAX_SUMMARY = 200;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1)}…`;
}
