import * as z from "zod";
import type { Principal } from "../../core/principal.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession } from "../resolve.ts";
import { REACHES, RIGHTS } from "./authorise.ts";
import { policyOf, policyOutput } from "./rules.ts";

const reach = z.enum(REACHES);
const PRINCIPALS = Object.keys(RIGHTS) as Principal["kind"][];

export const policyList = defineOperation({
  name: "policy.list",
  title: "Show the policy",
  summary: "Show who may do what",
  description:
    "Shows a session's permission rules: what its agents may do without asking, must ask about, and may never do. `pending` lists running agents that have other rules; `rights` says who may call which operations of claude-orch, by their risk.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ session: sessionRef }),
  output: z.object({
    ...policyOutput,
    rights: z
      .array(z.object({ principal: z.enum(PRINCIPALS), low: reach, medium: reach, high: reach }))
      .describe("What each kind of caller may call, by the operation's risk"),
  }),
  errors: ["SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { examples: ["policy", "policy --session shop --json"] },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const rights = PRINCIPALS.map((principal) => ({ principal, ...RIGHTS[principal] }));
    return { ...(await policyOf(context, session)), rights };
  },
});
