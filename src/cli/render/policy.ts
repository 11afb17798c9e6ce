import type { DecisionView } from "../../core/decision.ts";
import type { PolicyRule } from "../../core/session.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { formatTable } from "./table.ts";

interface Policy {
  session: { name: string };
  rules: PolicyRule[];
  pending: { name: string }[];
  notes?: string[];
  rights?: { principal: string; low: string; medium: string; high: string }[];
}

const ORDER: Record<PolicyRule["effect"], number> = { deny: 0, ask: 1, allow: 2 };

export function renderPolicy(policy: Policy, output: Output): void {
  output.data(formatPolicy(policy, output));
  for (const note of policy.notes ?? []) output.note(printable(note));
  if (policy.pending.length === 0) return;
  const names = policy.pending.map(({ name }) => name).join(", ");
  output.note(printable(`Started with other rules, which they keep until they are started again: ${names}`));
}

function formatPolicy({ session, rules, rights }: Policy, output: Output): string {
  const { paint } = output;
  const sorted = rules.toSorted((a, b) => ORDER[a.effect] - ORDER[b.effect]);
  const columns = [
    { title: "effect", value: (rule: PolicyRule) => rule.effect, paint: paintEffect(output) },
    { title: "role", value: (rule: PolicyRule) => rule.role ?? "all" },
    { title: "rule", value: (rule: PolicyRule) => rule.rule, isElastic: true },
  ];
  const parts = [
    paint.bold(printable(session.name)),
    rules.length === 0
      ? "No rules. Add some with: claude-orch policy allow RULE"
      : formatTable(sorted, columns, output),
  ];
  if (rights) {
    const reach = rights.map((one) => `  ${one.principal.padEnd(9)} ${formatReach(one)}`);
    parts.push("", "Who may call what, by the operation's risk", ...reach);
  }
  return parts.join("\n");
}

/** `everything`, or `low, medium: what only reads; high: nothing`. */
function formatReach(one: Record<"low" | "medium" | "high", string>): string {
  const risks = ["low", "medium", "high"] as const;
  const reaches = [...new Set(risks.map((risk) => one[risk]))];
  if (reaches.length === 1) return one.low;
  return reaches.map((what) => `${risks.filter((risk) => one[risk] === what).join(", ")}: ${what}`).join("; ");
}

function paintEffect({ paint }: Output) {
  return (text: string, { effect }: PolicyRule) =>
    effect === "allow" ? paint.green(text) : effect === "deny" ? paint.red(text) : paint.yellow(text);
}

export function renderDecisions(
  { decisions, more }: { decisions: DecisionView[]; more: boolean },
  output: Output,
): void {
  if (decisions.length === 0) {
    output.data("No tool was used.");
    return;
  }
  const { paint } = output;
  const columns = [
    { title: "at", value: ({ at }: DecisionView) => (at === null ? "-" : localTime(at)) },
    { title: "agent", value: ({ agent }: DecisionView) => agent.name },
    {
      title: "decision",
      value: ({ decision }: DecisionView) => decision,
      paint: (text: string, { decision }: DecisionView) =>
        decision === "allowed" ? paint.green(text) : decision === "denied" ? paint.red(text) : paint.yellow(text),
    },
    { title: "tool", value: ({ tool, subject }: DecisionView) => `${tool} ${subject}`, isElastic: true },
    {
      title: "why",
      value: ({ by, reason }: DecisionView) => (by === "rule" ? reason : `${by}: ${reason}`),
      isElastic: true,
    },
  ];
  output.data(formatTable(decisions, columns, output));
  if (more) output.note("Older ones are left out; see --last.");
}
