import * as z from "zod";
import { ROLE_ORIGINS, roleView } from "../../core/role.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { rolesHere } from "./resolve-role.ts";

export const roleList = defineOperation({
  name: "role.list",
  title: "List roles",
  summary: "List the roles that agents can have",
  description:
    "Lists the roles of a session's codebase, the user's and the built-in ones, with their aliases. Of several with one name the first counts: .claude-orch/roles and .claude/agents of the project, agents in Claude Code's configuration folder, roles in our home folder, built-in. `problems` lists files that cannot be used.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ session: sessionRef }),
  output: z.object({
    roles: z.array(roleView.pick({ name: true, aliases: true, description: true, origin: true, file: true })),
    problems: z.array(
      z.object({ origin: z.enum(ROLE_ORIGINS), file: z.string(), line: z.number().int(), message: z.string() }),
    ),
  }),
  errors: ["SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { examples: ["role list", "role list --session shop --json"] },
  async run(input, context) {
    const { roles, problems } = await rolesHere(context, input.session);
    return {
      roles: roles
        .map(({ name, aliases, description, origin, file }) => ({ name, aliases, description, origin, file }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      problems: problems.map(({ origin, file, line, message }) => ({ origin, file, line, message })),
    };
  },
});
