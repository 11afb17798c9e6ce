import { readFile } from "node:fs/promises";
import type { Role } from "../../core/role.ts";
import type { Session } from "../../core/session.ts";
import { agentPermissions, type Permissions } from "../launch/tool-permissions.ts";
import { isObject, parseObject } from "../transcript/json-fields.ts";

/**
 * The permission rules that an agent's last launch was given. Claude Code reads them once: a changed file of `--settings`
 * is not read again while it runs, neither by 2.1.197 nor by 2.1.330.
 */
export async function appliedRules(settingsFile: string): Promise<Permissions> {
  const text = await readFile(settingsFile, "utf8").catch(() => "");
  const permissions = parseObject(text)?.permissions;
  const rulesOf = (name: string) => {
    const rules = isObject(permissions) ? permissions[name] : undefined;
    return Array.isArray(rules) ? rules.filter((rule) => typeof rule === "string") : [];
  };
  return { allow: rulesOf("allow"), ask: rulesOf("ask"), deny: rulesOf("deny") };
}

export async function hasCurrentPolicy(settingsFile: string, session: Session, role: Role): Promise<boolean> {
  const applied = await appliedRules(settingsFile);
  const wanted = agentPermissions(session, role);
  return (["allow", "ask", "deny"] as const).every((effect) => isSameSet(applied[effect], wanted[effect]));
}

function isSameSet(some: readonly string[], others: readonly string[]): boolean {
  const wanted = new Set(others);
  return new Set(some).size === wanted.size && some.every((one) => wanted.has(one));
}
