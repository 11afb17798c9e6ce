import * as z from "zod";
import { defineOperation } from "../operation.ts";
import { policyOutput, removeRules, ruleChangeInput } from "./rules.ts";

export const policyRemove = defineOperation({
  name: "policy.remove",
  title: "Remove rules",
  summary: "Remove permission rules from a session",
  description:
    "Removes permission rules from a session, whatever their effect; with `role` only that role's. Agents that run keep the rules they were started with: `pending` lists them.",
  effect: "write",
  // A deny rule that is gone lets agents do more.
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object(ruleChangeInput),
  output: z.object(policyOutput),
  errors: ["POLICY_RULE_NOT_FOUND", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { args: ["rules"], examples: ["policy remove 'Bash(npm test:*)'"] },
  run: (input, context) => removeRules(context, input),
});
