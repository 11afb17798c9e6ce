import type { HookEvent } from "../spool/hook-event.ts";

/** What Claude Code itself wrote down about its decision: `permissionDecision` of the tool's result (2.1.330; not 2.1.197). */
export interface Verdict {
  isAccepted: boolean;
  /** `config`, `hook`, `user_temporary`, `user_permanent`, `user_reject`, `user_abort`. */
  source: string;
  /** `rule`, `mode`, `classifier`, `subcommandResults` … */
  reasonType: string;
  /** `rule:flagSettings`, `mode:dontAsk` … */
  reasonCode: string;
  /** The settings that the rule comes from; ours are `flagSettings`. */
  ruleSource: string;
}

/** Everything that hooks and transcript say about one use of a tool. */
export interface ToolUse {
  id: string;
  name: string;
  input: unknown;
  at: number | null;
  mode: string | null;
  /** The PermissionRequest that asked about it. */
  request: HookEvent | null;
  /** PostToolUse or PostToolUseFailure: it ran. */
  hasRun: boolean;
  /** PermissionDenied, with its reason: the safety check of the mode `auto`. */
  refusal: string | null;
  result: { isError: boolean; text: string; verdict: Verdict | null } | null;
}

export function newToolUse(id: string, name: string, input: unknown): ToolUse {
  return { id, name, input, at: null, mode: null, request: null, hasRun: false, refusal: null, result: null };
}
