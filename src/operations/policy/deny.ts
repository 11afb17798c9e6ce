import { ruleOperation } from "./rule-operation.ts";

export const policyDeny = ruleOperation("deny", {
  title: "Deny tools",
  summary: "Forbid tools to a session's agents",
  description:
    "Adds permission rules, in Claude Code's own syntax, to what a session's agents may never do; they win over everything else. They hold for agents started afterwards; `pending` lists those that run with other rules.",
  risk: "medium",
  examples: ["policy deny 'Read(./secrets/**)' 'Bash(git push:*)'", "policy deny WebFetch WebSearch --role reviewer"],
});
