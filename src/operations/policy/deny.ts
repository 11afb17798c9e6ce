import * as z from "zod";
import { defineOperation } from "../operation.ts";
import { addRules, policyOutput, ruleChangeInput } from "./rules.ts";

export const policyDeny = defineOperation({
  name: "policy.deny",
  title: "Deny tools",
  summary: "Forbid tools to a session's agents",
  description:
    "Adds permission rules, in Claude Code's own syntax, to what a session's agents may never do; they win over everything else. They hold for agents started afterwards; `pending` lists those that run with other rules.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object(ruleChangeInput),
  output: z.object({ ...policyOutput, notes: z.array(z.string()).describe("What may not have been meant") }),
  errors: ["POLICY_RULE_INVALID", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: {
    args: ["rules"],
    examples: ["policy deny 'Read(./secrets/**)' 'Bash(git push:*)'", "policy deny WebFetch WebSearch --role reviewer"],
  },
  run: (input, context) => addRules(context, "deny", input),
});
