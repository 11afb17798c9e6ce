import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";
import { nearTools, parsePolicyRule } from "../../core/policy-rule.ts";
import { type PolicyRule, policyRuleView, type Session } from "../../core/session.ts";
import { isGone } from "../agent/delivery/drive.ts";
import { backendOf, observeAgents } from "../agent/observe.ts";
import type { Context } from "../context.ts";
import { sessionRef } from "../fields.ts";
import { resolveSession } from "../resolve.ts";
import { agentRights } from "../role/agent-rights.ts";

/** Input and output that the operations on rules share. */
export const ruleChangeInput = {
  rules: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .describe("Rules as Claude Code writes them: Bash(npm test:*), Edit(src/**), mcp__server"),
  session: sessionRef,
  role: z.string().min(1).optional().describe("Only for agents of this role; default: all"),
};

export const policyOutput = {
  session: z.object({ id: z.string(), name: z.string() }),
  rules: z.array(policyRuleView).describe("The session's rules; deny wins over ask, and ask over allow"),
  pending: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .describe("Running agents that were started with other rules, and keep them until they are started again"),
};

/** The session's rules, and the agents that do not have them yet. */
export async function policyOf(context: Context, session: Session) {
  return {
    session: { id: session.id, name: session.name },
    rules: session.policy,
    pending: await pendingAgents(context, session),
  };
}

/** Claude Code reads its rules once, when it starts (2.1.197, 2.1.330). */
async function pendingAgents(context: Context, session: Session) {
  const agents = (await context.store.agents.list(session.id)).filter(({ lifecycle }) => lifecycle !== "closed");
  const reports = await observeAgents(context, agents);
  const pending: { id: string; name: string }[] = [];
  for (const [index, agent] of agents.entries()) {
    const report = reports[index];
    if (!report || isGone(report)) continue;
    const program = await context.program(await backendOf(context, agent));
    // One whose role cannot be read any more could not be started with what it has.
    const rights = await agentRights(context, session, agent).catch(() => undefined);
    const given = rights && { ...session, policy: rights.policy };
    if (!rights || !given || !(await program.hasCurrentPolicy(agent, given, rights.role)))
      pending.push({ id: agent.id, name: agent.name });
  }
  return pending;
}

interface Change {
  rules: readonly string[];
  session?: string | undefined;
  role?: string | undefined;
}

/** Adds rules; one that is there already stays as it is. @throws POLICY_RULE_INVALID before anything is stored */
export async function addRules(context: Context, effect: PolicyRule["effect"], change: Change) {
  const added = toRules(effect, change.rules, change.role);
  const notes = added.flatMap(({ rule }) => noteOn(rule, effect));
  const session = await changePolicy(context, change.session, (policy) => merge(policy, added));
  audit(context, session, effect, added);
  return { ...(await policyOf(context, session)), notes };
}

/**
 * Removes rules, whatever their effect; with a role only that role's.
 * @throws POLICY_RULE_NOT_FOUND naming the first that is not there; then none is removed
 */
export async function removeRules(context: Context, change: Change) {
  const removed: PolicyRule[] = [];
  const session = await changePolicy(context, change.session, (policy) => {
    const isMeant = (one: PolicyRule) =>
      change.rules.includes(one.rule) && (change.role === undefined || one.role === change.role);
    for (const rule of change.rules)
      if (!policy.some((one) => one.rule === rule && isMeant(one))) missing(rule, policy);
    removed.push(...policy.filter(isMeant));
    return policy.filter((one) => !isMeant(one));
  });
  audit(context, session, "remove", removed);
  return policyOf(context, session);
}

/** Rules as they are stored. @throws POLICY_RULE_INVALID */
export function toRules(effect: PolicyRule["effect"], rules: readonly string[], role?: string): PolicyRule[] {
  for (const rule of rules) parsePolicyRule(rule, effect);
  return [...new Set(rules)].map((rule) => ({ effect, rule, role: role ?? null }));
}

async function changePolicy(
  context: Context,
  ref: string | undefined,
  change: (policy: readonly PolicyRule[]) => PolicyRule[],
): Promise<Session> {
  const { id } = await resolveSession(context, ref);
  // Read again inside the transaction: another process may have changed the rules.
  return context.store.transaction(async ({ sessions }) => {
    const session = await sessions.get(id);
    if (!session) throw new AppError("SESSION_NOT_FOUND", `Session ${id} was deleted`);
    const policy = change(session.policy);
    await sessions.update(id, { policy });
    return { ...session, policy };
  });
}

function merge(policy: readonly PolicyRule[], added: readonly PolicyRule[]): PolicyRule[] {
  const isNew = ({ effect, rule, role }: PolicyRule) =>
    !policy.some((one) => one.effect === effect && one.rule === rule && one.role === role);
  return [...policy, ...added.filter(isNew)];
}

function missing(rule: string, policy: readonly PolicyRule[]): never {
  const near = nearNames(
    rule,
    policy.map((one) => one.rule),
  );
  throw new AppError("POLICY_RULE_NOT_FOUND", `There is no rule ${JSON.stringify(rule)}`, {
    ...(near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}? claude-orch policy shows them all.` } : {}),
    details: { rule, near },
  });
}

function noteOn(rule: string, effect: PolicyRule["effect"]): string[] {
  const { tool } = parsePolicyRule(rule, effect);
  const near = nearTools(tool);
  return near ? [`${rule}: claude-orch knows no tool ${tool}; did you mean ${near.join(" or ")}?`] : [];
}

/** Who loosened or tightened what, in the log file. */
function audit(context: Context, session: Session, change: string, rules: readonly PolicyRule[]): void {
  const { principal } = context.caller;
  context.logger.info("policy.changed", {
    by: principal.kind,
    sessionId: session.id,
    change,
    rules: rules.map(({ rule, role }) => (role === null ? rule : `${rule} (${role})`)),
  });
}
