import * as z from "zod";
import { PERMISSION_MODES } from "./agent.ts";
import { nameKey } from "./front-matter.ts";
import { policyRuleView } from "./session.ts";

/** Where roles are looked for; the first place that has one of a name wins. */
export const ROLE_ORIGINS = [
  "project", // <root>/.claude-orch/roles
  "project-agents", // <root>/.claude/agents
  "user-agents", // <config folder of Claude Code>/agents
  "user", // <our home>/roles
  "built-in",
] as const;
export type RoleOrigin = (typeof ROLE_ORIGINS)[number];

/** What an agent has when nobody says otherwise. */
export const DEFAULT_ROLE = "general";

export const roleView = z.object({
  name: z.string(),
  aliases: z.array(z.string()).describe("Other names by which it is found; case, spaces, - and _ do not matter"),
  description: z.string().describe("What it is for, in one line"),
  model: z.string().nullable().describe("Model its agents start with; null: the setting model, else Claude Code's own"),
  permissionMode: z.enum(PERMISSION_MODES).nullable().describe("Permission mode its agents start with; null: default"),
  tools: z.array(z.string()).nullable().describe("The only built-in tools its agents have; null: all"),
  disallowedTools: z.array(z.string()).describe("Tools that its agents never have"),
  rules: z.array(policyRuleView.omit({ role: true })).describe("Permission rules of its own, in Claude Code's syntax"),
  limits: z.object({
    maxAgents: z.number().int().nullable().describe("Agents that a session may have with this role"),
    maxTokens: z.number().int().nullable(),
    maxCost: z.number().nullable().describe("US dollars"),
  }),
  spawn: z.boolean().describe("Whether its agents may start agents of their own"),
  color: z.string().nullable(),
  origin: z.enum(ROLE_ORIGINS).describe("Which place it was found in"),
  file: z.string().describe("Absolute path of its file"),
  notes: z.array(z.string()).describe("What stands in its file and is not obeyed, and why"),
});

/** A way of working, and the rights that go with it: one Markdown file in the format of Claude Code's agent files. */
export type Role = z.infer<typeof roleView> & {
  /** What its agents are told, in their system prompt. */
  prompt: string;
};

/** The form in which names of roles are compared: `Code Reviewer`, `code_reviewer` and `code-reviewer` are one. */
export const roleKey = nameKey;

/** Is this a name of that role? */
export function isCalled(role: Pick<Role, "name" | "aliases">, name: string): boolean {
  const key = roleKey(name);
  return [role.name, ...role.aliases].some((one) => roleKey(one) === key);
}
