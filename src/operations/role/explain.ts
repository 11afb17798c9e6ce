import * as z from "zod";
import { PERMISSION_MODES } from "../../core/agent.ts";
import { ROLE_ORIGINS } from "../../core/role.ts";
import { findRole } from "../../core/role-catalogue.ts";
import { overruledBy, RULE_SOURCES } from "../../core/role-rights.ts";
import { POLICY_EFFECTS } from "../../core/session.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { startsWith } from "./defaults.ts";
import { rolesHere } from "./resolve-role.ts";

const from = z.enum(["flag", "role", "setting", "default"]).describe("Who says so");

export const roleExplain = defineOperation({
  name: "role.explain",
  title: "Explain a role's rights",
  summary: "Explain what an agent of a role may do, and who says so",
  description:
    "Merges what claude-orch gives every agent, the role's file, the session's policy and the flags of a spawn, and shows what comes out: model, permission mode, tools, and each permission rule with its source. Deny wins over ask, and ask over allow; `overruledBy` names the stronger rule where a rule has no effect.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    role: z.string().min(1).describe("Name or alias of the role"),
    session: sessionRef,
    model: z.string().min(1).optional().describe("As with this flag of agent spawn"),
    permissionMode: z.enum(PERMISSION_MODES).optional().describe("As with this flag of agent spawn"),
  }),
  output: z.object({
    role: z.object({ name: z.string(), origin: z.enum(ROLE_ORIGINS), file: z.string() }),
    session: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .describe("Whose policy is merged; null: none holds the current directory"),
    model: z.object({ value: z.string().nullable().describe("null: Claude Code's own"), from }),
    permissionMode: z.object({ value: z.enum(PERMISSION_MODES), from }),
    tools: z.object({ value: z.array(z.string()).nullable().describe("The only built-in tools; null: all"), from }),
    rules: z.array(
      z.object({
        effect: z.enum(POLICY_EFFECTS),
        rule: z.string(),
        source: z.enum(RULE_SOURCES),
        overruledBy: z.string().nullable().describe("Stronger rule that leaves this one without effect"),
      }),
    ),
    otherwise: z.string().describe("What happens to a use of a tool that no rule covers"),
    notes: z.array(z.string()),
  }),
  errors: ["ROLE_NOT_FOUND", "ROLE_FILE_INVALID", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: {
    args: ["role"],
    examples: ["role explain reviewer", "role explain implementer --session shop --permission-mode acceptEdits"],
  },
  async run(input, context) {
    const { session, ...catalogue } = await rolesHere(context, input.session);
    const role = findRole(catalogue, input.role);
    const program = await context.program(session?.backend ?? context.settings.backend ?? "tmux");
    const rules = program.permissionRules(
      session ?? { policy: [], securityLevel: context.settings.securityLevel },
      role,
    );
    const { model, permissionMode } = startsWith(role, input, context.settings);
    return {
      role: { name: role.name, origin: role.origin, file: role.file },
      session: session ? { id: session.id, name: session.name } : null,
      model,
      permissionMode,
      tools: { value: role.tools, from: role.tools === null ? ("default" as const) : ("role" as const) },
      rules: rules.map((rule) => ({ ...rule, overruledBy: overruledBy(rule, rules)?.rule ?? null })),
      otherwise: OTHERWISE[permissionMode.value],
      notes: role.notes,
    };
  },
});

/** Claude Code's permission modes, for uses that no rule covers (2.1.197 and 2.1.330). */
const OTHERWISE: Record<(typeof PERMISSION_MODES)[number], string> = {
  default: "What only reads is allowed, everything else is asked",
  acceptEdits: "What only reads and edits of files in the project are allowed, everything else is asked",
  plan: "What only reads is allowed, until its plan is approved",
  auto: "Claude Code's own judgement allows or refuses it",
  dontAsk: "What only reads is allowed, everything else is denied without asking",
  bypassPermissions: "Everything is allowed",
};
