import { AppError } from "./errors.ts";
import { nearNames } from "./near-names.ts";
import type { MarkdownFile } from "./ports/markdown-source.ts";
import { isCalled, ROLE_ORIGINS, type Role, type RoleOrigin, roleKey } from "./role.ts";
import { isProblem, type RoleProblem, readRole } from "./role-file.ts";

/** All roles that can be had in one place, each name once, and the files that cannot be used. */
export interface RoleCatalogue {
  roles: Role[];
  problems: RoleProblem[];
}

/**
 * The roles of these places: of each name the first one, in the order of ROLE_ORIGINS. A name goes before an alias, and an
 * alias belongs to whom has it first.
 */
export function collectRoles(places: readonly { origin: RoleOrigin; files: readonly MarkdownFile[] }[]): RoleCatalogue {
  const roles = new Map<string, Role>();
  const problems: RoleProblem[] = [];
  for (const { origin, files } of places.toSorted((a, b) => rank(a.origin) - rank(b.origin))) {
    for (const file of files) {
      const read = readRole(file, origin);
      if (read === undefined) continue;
      if (isProblem(read)) {
        problems.push(read);
        continue;
      }
      const earlier = roles.get(roleKey(read.name));
      if (!earlier) roles.set(roleKey(read.name), read);
      else if (earlier.origin === origin) problems.push(secondOf(read, earlier));
    }
  }
  return { roles: withFreeAliases([...roles.values()]), problems };
}

/**
 * The role of this name or alias. A file that should have been it and cannot be read is never passed over for another
 * one further down, which may have more rights.
 * @throws ROLE_FILE_INVALID, ROLE_NOT_FOUND with near names
 */
export function findRole({ roles, problems }: RoleCatalogue, name: string): Role {
  const key = roleKey(name);
  const found = roles.find((role) => roleKey(role.name) === key) ?? roles.find((role) => isCalled(role, name));
  const keys = [key, ...(found ? [roleKey(found.name)] : [])];
  const broken = problems.find((problem) =>
    keys.some((one) => roleKey(problem.name) === one || isFileOf(problem, one)),
  );
  if (broken && (!found || rank(broken.origin) < rank(found.origin))) throw invalid(broken);
  if (found) return found;
  const names = roles.flatMap((role) => [role.name, ...role.aliases]);
  const near = nearNames(name, names);
  throw new AppError("ROLE_NOT_FOUND", `There is no role ${JSON.stringify(name)}`, {
    ...(near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}? claude-orch role list shows them all.` } : {}),
    details: { role: name, near },
  });
}

function invalid({ file, line, message }: RoleProblem): AppError {
  return new AppError("ROLE_FILE_INVALID", `${file}:${line}: ${message}`, { details: { file, line } });
}

function isFileOf({ file }: RoleProblem, key: string): boolean {
  return roleKey((file.split(/[\\/]/).at(-1) ?? "").replace(/\.md$/i, "")) === key;
}

function secondOf({ name, file, origin }: Role, earlier: Role): RoleProblem {
  return { origin, file, line: 1, message: `${earlier.file} has the name ${name}, too, and is used`, name };
}

function withFreeAliases(roles: readonly Role[]): Role[] {
  const taken = new Set(roles.map(({ name }) => roleKey(name)));
  return roles.map((role) => {
    const aliases: string[] = [];
    const claimed = new Set<string>();
    for (const alias of role.aliases) {
      // Other spellings of its own name, or of one alias, are shown as they stand.
      if (roleKey(alias) !== roleKey(role.name) && taken.has(roleKey(alias))) continue;
      aliases.push(alias);
      claimed.add(roleKey(alias));
    }
    for (const key of claimed) taken.add(key);
    return { ...role, aliases };
  });
}

function rank(origin: RoleOrigin): number {
  return ROLE_ORIGINS.indexOf(origin);
}
