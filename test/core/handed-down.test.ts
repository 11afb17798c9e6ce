import { describe, expect, it } from "vitest";
import { PERMISSION_MODES, type PermissionMode } from "../../src/core/agent.ts";
import { handDown, isWithin, type Rights } from "../../src/core/handed-down.ts";
import type { Role } from "../../src/core/role.ts";
import type { PolicyRule } from "../../src/core/session.ts";
import { role as makeRole } from "../support/role.ts";

type Given = Partial<Role> & { mode?: PermissionMode; policy?: PolicyRule[] };

function rights({ mode = "default", policy = [], ...role }: Given = {}): Rights {
  return { role: makeRole(role), permissionMode: mode, policy };
}

const allow = (rule: string, role: string | null = null): PolicyRule => ({ effect: "allow", rule, role });

describe("R4-16: the rights of a child are within its parent's", () => {
  it("modes: nothing is done without a question that the parent would be asked about or refused", () => {
    const table = PERMISSION_MODES.map((limit) => [limit, PERMISSION_MODES.filter((mode) => isWithin(mode, limit))]);

    expect(Object.fromEntries(table)).toEqual({
      plan: ["plan"],
      dontAsk: ["dontAsk"],
      default: ["default", "plan", "dontAsk"],
      acceptEdits: ["default", "acceptEdits", "plan", "dontAsk"],
      auto: ["default", "acceptEdits", "plan", "auto", "dontAsk"],
      bypassPermissions: ["default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"],
    });
    expect(handDown(rights({ mode: "dontAsk" }), rights({ mode: "acceptEdits" })).permissionMode).toBe("dontAsk");
    expect(handDown(rights({ mode: "acceptEdits" }), rights({ mode: "plan" })).permissionMode).toBe("plan");
  });

  it("rules: what the parent is asked about or denied holds for the child; it is allowed only what its parent is", () => {
    const parent = rights({
      rules: [
        { effect: "allow", rule: "Bash(npm test:*)" },
        { effect: "allow", rule: "WebSearch" },
        { effect: "ask", rule: "Bash(git push:*)" },
      ],
      disallowedTools: ["NotebookEdit"],
      policy: [{ effect: "deny", rule: "Read(./secrets/**)", role: "lead" }],
      name: "lead",
    });
    const child = rights({
      name: "helper",
      rules: [
        { effect: "allow", rule: "Bash(npm test:*)" },
        { effect: "allow", rule: "Bash(rm:*)" },
        { effect: "allow", rule: "WebSearch" },
        { effect: "deny", rule: "WebFetch" },
      ],
      policy: [allow("Bash(make:*)"), allow("Edit(src/**)", "helper")],
    });

    const { role, policy } = handDown(parent, child);

    expect(role.rules).toEqual([
      { effect: "allow", rule: "Bash(npm test:*)" },
      { effect: "allow", rule: "WebSearch" },
      { effect: "deny", rule: "WebFetch" },
      { effect: "deny", rule: "NotebookEdit" },
      { effect: "ask", rule: "Bash(git push:*)" },
      { effect: "deny", rule: "Read(./secrets/**)" },
    ]);
    // What holds for everybody holds for its parent, too; what only the child's role has, does not.
    expect(policy).toEqual([allow("Bash(make:*)")]);
  });

  it("a parent that is allowed a whole tool, or everything, hands down rules about it", () => {
    const child = rights({ rules: [{ effect: "allow", rule: "Bash(rm:*)" }] });
    const whole = rights({ rules: [{ effect: "allow", rule: "Bash" }] });

    expect(handDown(whole, child).role.rules).toEqual(child.role.rules);
    expect(handDown(rights({ mode: "bypassPermissions" }), child).role.rules).toEqual(child.role.rules);
    expect(handDown(rights(), child).role.rules).toEqual([]);
  });

  it("tools and the right to start others: only what both have", () => {
    const parent = rights({ tools: ["Read", "Grep"], spawn: true });
    expect(handDown(parent, rights({ tools: ["Grep", "Bash"], spawn: true })).role).toMatchObject({
      tools: ["Grep"],
      spawn: true,
    });
    expect(handDown(parent, rights()).role).toMatchObject({ tools: ["Read", "Grep"], spawn: false });
    expect(handDown(rights(), rights({ tools: ["Bash"], spawn: true })).role).toMatchObject({
      tools: ["Bash"],
      spawn: false,
    });
    expect(handDown(rights(), rights()).role.tools).toBeNull();
  });
});
