import * as z from "zod";
import { defineOperation } from "../operation.ts";
import { addRules, policyOutput, ruleChangeInput } from "./rules.ts";

export const policyAllow = defineOperation({
  name: "policy.allow",
  title: "Allow tools",
  summary: "Let a session's agents use tools without asking",
  description:
    "Adds permission rules, in Claude Code's own syntax, to what a session's agents may do without asking. They hold for agents started afterwards; `pending` lists those that run with other rules. A deny rule wins over them.",
  effect: "write",
  risk: "high",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object(ruleChangeInput),
  output: z.object({ ...policyOutput, notes: z.array(z.string()).describe("What may not have been meant") }),
  errors: ["POLICY_RULE_INVALID", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: {
    args: ["rules"],
    examples: ["policy allow 'Bash(npm test:*)' 'Edit(src/**)'", "policy allow 'Bash(git commit:*)' --role committer"],
  },
  run: (input, context) => addRules(context, "allow", input),
});
