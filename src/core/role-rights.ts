import { parsePolicyRule } from "./policy-rule.ts";
import { isCalled, type Role } from "./role.ts";
import type { PolicyRule, Session } from "./session.ts";

/** Who asked for a permission rule: claude-orch for its own tools, the role's file, the session's policy. */
export const RULE_SOURCES = ["claude-orch", "role", "session"] as const;

/** A permission rule that an agent starts with, and where it comes from. */
export interface SourcedRule {
  effect: PolicyRule["effect"];
  rule: string;
  source: (typeof RULE_SOURCES)[number];
}

/**
 * The rules of an agent: those of its role beside those of its session. Neither takes any away from the other: Claude Code
 * lets deny win over ask, and ask over allow, whoever said it.
 */
export function rulesOf(role: Role, session: Pick<Session, "policy">): SourcedRule[] {
  const ofSession = session.policy.filter((one) => one.role === null || isCalled(role, one.role));
  return [
    ...role.disallowedTools.map((rule) => ({ effect: "deny" as const, rule, source: "role" as const })),
    ...role.rules.map(({ effect, rule }) => ({ effect, rule, source: "role" as const })),
    ...ofSession.map(({ effect, rule }) => ({ effect, rule, source: "session" as const })),
  ];
}

const STRENGTH: Record<SourcedRule["effect"], number> = { allow: 0, ask: 1, deny: 2 };

/**
 * The stronger rule that leaves this one without any effect, as far as their texts tell: the same rule, or one for every
 * use of its tool. Undefined when it has an effect.
 */
export function overruledBy(rule: SourcedRule, rules: readonly SourcedRule[]): SourcedRule | undefined {
  const { tool } = parsePolicyRule(rule.rule, "deny");
  return rules.find((other) => {
    if (STRENGTH[other.effect] <= STRENGTH[rule.effect]) return false;
    const stronger = parsePolicyRule(other.rule, "deny");
    return other.rule === rule.rule || (stronger.argument === null && ["*", tool].includes(stronger.tool));
  });
}
