import * as z from "zod";
import { defineOperation } from "../operation.ts";
import { addRules, policyOutput, ruleChangeInput } from "./rules.ts";

export const policyAsk = defineOperation({
  name: "policy.ask",
  title: "Ask about tools",
  summary: "Have a session's agents ask before they use tools",
  description:
    "Adds permission rules, in Claude Code's own syntax, to what a session's agents must ask about, even where something else would allow it. They hold for agents started afterwards; `pending` lists those that run with other rules.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object(ruleChangeInput),
  output: z.object({ ...policyOutput, notes: z.array(z.string()).describe("What may not have been meant") }),
  errors: ["POLICY_RULE_INVALID", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: {
    args: ["rules"],
    examples: ["policy ask 'Bash(git push:*)'"],
  },
  run: (input, context) => addRules(context, "ask", input),
});
