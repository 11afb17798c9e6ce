import * as z from "zod";
import { roleView } from "../../core/role.ts";
import { findRole } from "../../core/role-catalogue.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { rolesHere } from "./resolve-role.ts";

export const roleShow = defineOperation({
  name: "role.show",
  title: "Show a role",
  summary: "Show a role: its prompt, model, permission mode, tools and rules",
  description:
    "Shows a role as its file says it: the prompt that its agents are given, the model and permission mode they start with, their tools and permission rules. What that comes to together with a session's policy is told by role explain.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ role: z.string().min(1).describe("Name or alias of the role"), session: sessionRef }),
  output: z.object({ role: roleView.extend({ prompt: z.string().describe("What its agents are told") }) }),
  errors: ["ROLE_NOT_FOUND", "ROLE_FILE_INVALID", "SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { args: ["role"], examples: ["role show reviewer", "role show 'code reviewer' --json"] },
  async run(input, context) {
    return { role: findRole(await rolesHere(context, input.session), input.role) };
  },
});
