import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Role, RoleOrigin } from "../../core/role.ts";
import { collectRoles, findRole, type RoleCatalogue } from "../../core/role-catalogue.ts";
import type { BackendName, Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { findSessionOfDirectory, resolveSession } from "../resolve.ts";

/** Where roles are looked for: the codebase's folder, and Claude Code's own configuration folder. */
export interface RolePlace {
  root: string;
  /** Undefined where the environment names none. */
  configDir: string | undefined;
}

/** All roles of a place, and the files that cannot be used. */
export async function rolesOf(context: Context, { root, configDir }: RolePlace): Promise<RoleCatalogue> {
  const folders: [RoleOrigin, string][] = [
    ["project", join(root, ".claude-orch", "roles")],
    ["project-agents", join(root, ".claude", "agents")],
    ...(configDir === undefined ? [] : [["user-agents", join(configDir, "agents")] satisfies [RoleOrigin, string]]),
    ["user", join(context.home, "roles")],
    ["built-in", context.roles.builtIn],
  ];
  const read = async ([origin, folder]: [RoleOrigin, string]) => ({ origin, files: await context.roles.read(folder) });
  return collectRoles(await Promise.all(folders.map(read)));
}

/**
 * The role that agents of this session get by this name or alias. `configDir` is the agent's own where it has one already.
 * @throws ROLE_NOT_FOUND, ROLE_FILE_INVALID
 */
export async function resolveRole(context: Context, session: Session, name: string, configDir?: string): Promise<Role> {
  const place = { root: session.root, configDir: configDir ?? (await configDirOf(context, session.backend)) };
  return findRole(await rolesOf(context, place), name);
}

/** Its canonical name where there is such a role, else the name as it is: for asking which agents have it. */
export async function roleNameOf(context: Context, session: Session, name: string): Promise<string> {
  const role = await resolveRole(context, session, name).catch((error: unknown) => {
    if (error instanceof AppError && (error.code === "ROLE_NOT_FOUND" || error.code === "ROLE_FILE_INVALID"))
      return undefined;
    throw error;
  });
  return role?.name ?? name;
}

/** The roles that a call is about: of the session named or holding the current directory, else of that directory. */
export async function rolesHere(
  context: Context,
  ref: string | undefined,
): Promise<RoleCatalogue & { session: Session | undefined }> {
  const isNamed = ref !== undefined || context.caller.principal.kind === "worker";
  const session = isNamed ? await resolveSession(context, ref) : await findSessionOfDirectory(context);
  const backend = session?.backend ?? context.settings.backend ?? "tmux";
  const place = { root: session?.root ?? context.caller.cwd, configDir: await configDirOf(context, backend) };
  return { ...(await rolesOf(context, place)), session };
}

async function configDirOf(context: Context, backend: BackendName): Promise<string | undefined> {
  const program = await context.program(backend);
  try {
    return program.configDir(context.caller.env);
  } catch (error) {
    // Without HOME nothing could be launched, but roles can be looked at.
    if (error instanceof AppError && error.code === "CLAUDE_LAUNCH_FAILED") return undefined;
    throw error;
  }
}
