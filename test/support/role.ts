import type { Role } from "../../src/core/role.ts";

/** A role that says nothing, but for what a test cares about. */
export function role(changes: Partial<Role> = {}): Role {
  return {
    name: "worker",
    aliases: [],
    description: "",
    model: null,
    permissionMode: null,
    tools: null,
    disallowedTools: [],
    rules: [],
    limits: { maxAgents: null, maxTokens: null, maxCost: null },
    spawn: false,
    color: null,
    origin: "built-in",
    file: "/roles/worker.md",
    notes: [],
    prompt: "",
    ...changes,
  };
}
