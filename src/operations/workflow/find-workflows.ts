import { join } from "node:path";
import { roleKey } from "../../core/role.ts";
import type { RoleCatalogue } from "../../core/role-catalogue.ts";
import type { Session } from "../../core/session.ts";
import type { WorkflowOrigin } from "../../core/workflow/template.ts";
import { collectWorkflows, type WorkflowCatalogue } from "../../core/workflow/workflow-catalogue.ts";
import type { Context } from "../context.ts";
import { rolesHere } from "../role/resolve-role.ts";

/** The workflows that a call is about: of the session named or holding the current directory, else of that directory. */
export async function workflowsHere(
  context: Context,
  ref: string | undefined,
): Promise<WorkflowCatalogue & { session: Session | undefined; roles: RoleCatalogue }> {
  const { session, ...roles } = await rolesHere(context, ref);
  const root = session?.root ?? context.caller.cwd;
  const folders: [WorkflowOrigin, string][] = [
    ["project", join(root, ".claude-orch", "workflows")],
    ["user", join(context.home, "workflows")],
    ["built-in", context.workflows.builtIn],
  ];
  const places = await Promise.all(
    folders.map(async ([origin, folder]) => ({ origin, files: await context.workflows.read(folder) })),
  );
  const names = roles.roles.flatMap(({ name, aliases }) => [name, ...aliases]);
  const keys = new Set(names.map(roleKey));
  return { ...collectWorkflows(places, { has: (name) => keys.has(roleKey(name)), names }), session, roles };
}
