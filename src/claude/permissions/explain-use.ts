import type { ToolDecision } from "../../core/decision.ts";
import { coversUse } from "../../core/policy-match.ts";
import { parsePolicyRule } from "../../core/policy-rule.ts";
import type { PolicyRule } from "../../core/session.ts";
import type { Permissions } from "../launch/tool-permissions.ts";
import { subjectOf, waitingForOf } from "../state/pending-request.ts";
import { DENIED_BY_MODE, DENIED_BY_RULE, NOBODY_TO_ASK, NOT_OFFERED } from "./denial-texts.ts";
import type { ToolUse, Verdict } from "./tool-use.ts";

export interface ExplainOptions {
  rules: Permissions;
  cwd: string;
  home: string | null;
}

type Explanation = Pick<ToolDecision, "decision" | "by" | "rule" | "reason">;

/** What was decided about a use and why; undefined while nothing is decided, and for what was no matter of permission. */
export function explainUse(use: ToolUse, options: ExplainOptions): ToolDecision | undefined {
  const explanation = explain(use, options);
  if (!explanation) return undefined;
  return {
    toolUseId: use.id,
    at: use.at,
    tool: use.name,
    subject: oneLine(subjectOf(use.input)),
    requestId: use.request ? waitingForOf(use.request).requestId : null,
    ...explanation,
  };
}

function explain(use: ToolUse, options: ExplainOptions): Explanation | undefined {
  const { result, request } = use;
  if (use.refusal !== null) return denied("mode", null, `its safety check refused it: ${oneLine(use.refusal)}`);
  if (request) return explainAsked(use, options);
  if (result?.verdict) return explainVerdict(use, result.verdict, options);
  if (result?.isError) {
    const refused = explainRefusal(use, result.text, options);
    if (refused) return refused;
  }
  return use.hasRun || (result && !isNoMatterOfPermission(result.text)) ? explainAllowed(use, options) : undefined;
}

/** Somebody was asked; whether it was one of us, the caller knows by the request. */
function explainAsked(use: ToolUse, options: ExplainOptions): Explanation {
  const rule = findRule("ask", use, options);
  const why = rule === null ? "it needed a permission" : `the rule ${rule} asks`;
  if (use.hasRun || use.result?.verdict?.isAccepted) {
    return { decision: "allowed", by: "person", rule, reason: `${why}; somebody allowed it` };
  }
  if (use.result) return { decision: "denied", by: "person", rule, reason: `${why}; somebody refused it` };
  return { decision: "asked", by: "nobody", rule, reason: `${why}; no answer is known` };
}

function explainVerdict(use: ToolUse, verdict: Verdict, options: ExplainOptions): Explanation {
  if (verdict.source.startsWith("user")) return explainAsked(use, options);
  if (verdict.source === "hook") return explainHook(verdict);
  if (verdict.isAccepted) return explainAllowed(use, options, verdict);
  if (verdict.reasonCode.startsWith("mode:"))
    return denied("mode", null, modeReason("forbids", verdict.reasonCode.slice(5)));
  if (verdict.reasonType === "classifier") return denied("mode", null, "the safety check of the mode auto refused it");
  if (verdict.ruleSource !== "") return explainRule(use, options, verdict.ruleSource);
  return explainRefusal(use, use.result?.text ?? "", options) ?? denied("person", null, "it was refused");
}

function explainHook({ isAccepted }: Verdict): Explanation {
  const reason = "a hook of the person's own settings decided";
  return { decision: isAccepted ? "allowed" : "denied", by: "claude-code", rule: null, reason };
}

function explainRefusal(use: ToolUse, text: string, options: ExplainOptions): Explanation | undefined {
  if (DENIED_BY_MODE.test(text)) return denied("mode", null, modeReason("forbids", use.mode));
  if (DENIED_BY_RULE.test(text)) return explainRule(use, options, undefined);
  if (NOBODY_TO_ASK.test(text)) return denied("claude-code", null, "it needed a permission and nobody could be asked");
  if (NOT_OFFERED.test(text) && findRule("deny", use, options) !== null) return explainRule(use, options, undefined);
  return undefined;
}

/** `source` is the settings the rule comes from, where Claude Code tells. */
function explainRule(use: ToolUse, options: ExplainOptions, source: string | undefined): Explanation {
  const isOurs = source === undefined || source === OUR_SETTINGS;
  const rule = isOurs ? findRule("deny", use, options) : null;
  if (rule !== null) return denied("rule", rule, `the rule ${rule} denies it`);
  // A shell command may touch files that a rule about files protects; only Claude Code looks that closely.
  const whose = isOurs ? "a rule" : `a rule of the person's own settings (${source})`;
  return denied("rule", null, `${whose} denies it`);
}

/** What Claude Code calls the settings that were given with `--settings`. */
const OUR_SETTINGS = "flagSettings";
const EDITING = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);

function explainAllowed(use: ToolUse, options: ExplainOptions, verdict?: Verdict): Explanation {
  const byMode = verdict ? verdict.reasonType === "mode" : isAllowedByMode(use);
  if (byMode) return { decision: "allowed", by: "mode", rule: null, reason: modeReason("allows", use.mode) };
  const rule = findRule("allow", use, options);
  if (rule !== null) return { decision: "allowed", by: "rule", rule, reason: `the rule ${rule} allows it` };
  const reason = "Claude Code asks for no permission here, or the person's own settings allow it";
  return { decision: "allowed", by: "claude-code", rule: null, reason };
}

function isAllowedByMode({ mode, name }: ToolUse): boolean {
  return mode === "bypassPermissions" || (mode === "acceptEdits" && EDITING.has(name));
}

function modeReason(verb: string, mode: string | null): string {
  return mode === null ? `the permission mode ${verb} it` : `the permission mode ${mode} ${verb} it`;
}

/** The call itself was wrong, not its permission. */
function isNoMatterOfPermission(text: string): boolean {
  return text.startsWith("<tool_use_error>");
}

function findRule(effect: PolicyRule["effect"], use: ToolUse, { rules, cwd, home }: ExplainOptions): string | null {
  const subject = { tool: use.name, input: use.input, cwd, home };
  return rules[effect].find((rule) => coversUse(parsePolicyRule(rule, effect), subject)) ?? null;
}

function denied(by: Explanation["by"], rule: string | null, reason: string): Explanation {
  return { decision: "denied", by, rule, reason };
}

const MAX_SUBJECT = 200;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_SUBJECT ? line : `${line.slice(0, MAX_SUBJECT - 1)}…`;
}
