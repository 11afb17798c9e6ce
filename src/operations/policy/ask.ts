import { ruleOperation } from "./rule-operation.ts";

export const policyAsk = ruleOperation("ask", {
  title: "Ask about tools",
  summary: "Have a session's agents ask before they use tools",
  description:
    "Adds permission rules, in Claude Code's own syntax, to what a session's agents must ask about, even where something else would allow it. They hold for agents started afterwards; `pending` lists those that run with other rules.",
  risk: "medium",
  examples: ["policy ask 'Bash(git push:*)'"],
});
