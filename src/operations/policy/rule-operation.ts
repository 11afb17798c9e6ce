import * as z from "zod";
import type { PolicyRule } from "../../core/session.ts";
import { defineOperation, type Operation } from "../operation.ts";
import { addRules, policyOutput, ruleChangeInput } from "./rules.ts";

type Words = Pick<Operation, "title" | "summary" | "description" | "risk"> & { examples: readonly string[] };

/** The operation that adds rules of one effect; the three differ in their words and their risk only. */
export function ruleOperation(effect: PolicyRule["effect"], { examples, ...words }: Words) {
  return defineOperation({
    name: `policy.${effect}`,
    ...words,
    effect: "write",
    isIdempotent: true,
    exposure: { mcp: true, worker: false },
    input: z.object(ruleChangeInput),
    output: z.object({ ...policyOutput, notes: z.array(z.string()).describe("What may not have been meant") }),
    errors: ["POLICY_RULE_INVALID", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
    cli: { args: ["rules"], examples },
    run: (input, context) => addRules(context, effect, input),
  });
}
