import type { PermissionMode } from "./agent.ts";
import { parsePolicyRule } from "./policy-rule.ts";
import type { Role } from "./role.ts";
import { rulesOf, type SourcedRule } from "./role-rights.ts";
import type { PolicyRule } from "./session.ts";

/** What an agent is started with: its role, its permission mode, and the rules of its session that hold for it. */
export interface Rights {
  role: Role;
  permissionMode: PermissionMode;
  policy: PolicyRule[];
}

/**
 * The rights of an agent that works for another one: its own, as far as its parent has them, too. What its parent is
 * asked about or may never do, holds for it as well; what only the child would be allowed without a question, is asked.
 */
export function handDown(parent: Rights, child: Rights): Rights {
  const ofParent = rulesOf(parent.role, parent);
  const mayAll = parent.permissionMode === "bypassPermissions";
  const isAllowed = (rule: string) =>
    mayAll || ofParent.some((one) => one.effect === "allow" && covers(one.rule, rule));
  const restrictions = ofParent
    .filter(({ effect }) => effect !== "allow")
    .map(({ effect, rule }) => ({ effect, rule }));
  const own = child.role.rules.filter(({ effect, rule }) => effect !== "allow" || isAllowed(rule));
  return {
    role: {
      ...child.role,
      tools: common(parent.role.tools, child.role.tools),
      rules: unique([...own, ...restrictions]),
      spawn: parent.role.spawn && child.role.spawn,
    },
    permissionMode: isWithin(child.permissionMode, parent.permissionMode)
      ? child.permissionMode
      : parent.permissionMode,
    policy: child.policy.filter(({ effect, role, rule }) => effect !== "allow" || role === null || isAllowed(rule)),
  };
}

/**
 * The modes that let an agent do nothing without a question that its parent's mode would ask about or refuse. `dontAsk`
 * refuses what `default` asks: a person's yes to a child must not do what its parent may not even ask for.
 */
const WITHIN: Record<PermissionMode, readonly PermissionMode[]> = {
  plan: ["plan"],
  dontAsk: ["dontAsk"],
  default: ["default", "plan", "dontAsk"],
  acceptEdits: ["acceptEdits", "default", "plan", "dontAsk"],
  auto: ["auto", "acceptEdits", "default", "plan", "dontAsk"],
  bypassPermissions: ["bypassPermissions", "auto", "acceptEdits", "default", "plan", "dontAsk"],
};

export function isWithin(mode: PermissionMode, limit: PermissionMode): boolean {
  return WITHIN[limit].includes(mode);
}

/** The same rule, or one for every use of its tool: what wildcards cover beyond that, only Claude Code knows. */
function covers(allowed: string, rule: string): boolean {
  if (allowed === rule) return true;
  const one = parsePolicyRule(allowed, "allow");
  return one.argument === null && one.tool === parsePolicyRule(rule, "allow").tool;
}

/** Null stands for all tools. */
function common(some: readonly string[] | null, others: readonly string[] | null): string[] | null {
  if (some === null) return others === null ? null : [...others];
  return others === null ? [...some] : others.filter((tool) => some.includes(tool));
}

function unique(rules: readonly Pick<SourcedRule, "effect" | "rule">[]): Role["rules"] {
  return rules.filter(
    ({ effect, rule }, index) => rules.findIndex((one) => one.effect === effect && one.rule === rule) === index,
  );
}
