import { ruleOperation } from "./rule-operation.ts";

export const policyAllow = ruleOperation("allow", {
  title: "Allow tools",
  summary: "Let a session's agents use tools without asking",
  description:
    "Adds permission rules, in Claude Code's own syntax, to what a session's agents may do without asking. They hold for agents started afterwards; `pending` lists those that run with other rules. A deny rule wins over them.",
  risk: "high",
  examples: ["policy allow 'Bash(npm test:*)' 'Edit(src/**)'", "policy allow 'Bash(git commit:*)' --role committer"],
});
