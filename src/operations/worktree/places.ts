import { join, relative, sep } from "node:path";
import type { Repository } from "../../core/ports/work-trees.ts";
import type { Session } from "../../core/session.ts";
import { refPart } from "../../core/worktree.ts";
import type { Context } from "../context.ts";

/**
 * Folder of a session's worktrees. In the codebase, so that calls from within them find their session, and tools find what
 * lies above; but a bare repository is no place for files.
 */
export function worktreesFolder(
  context: Context,
  session: Pick<Session, "name" | "root">,
  repository: Repository,
): string {
  if (repository.isBare) return join(workspacesFolder(context, session), "worktrees");
  return worktreesIn(isInside(session.root, repository.root) ? session.root : repository.root, session);
}

/** Is the folder in a worktree of the session's own? */
export function isInWorktrees(session: Pick<Session, "name" | "root">, folder: string): boolean {
  return isInside(folder, worktreesIn(session.root, session));
}

function worktreesIn(root: string, session: Pick<Session, "name">): string {
  return join(root, ".claude-orch", "worktrees", refPart(session.name));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** The part of the codebase that git shall not see: relative to the repository's root. */
export function hiddenFolder(folder: string, repository: Repository): string {
  return relative(repository.root, join(folder, "..")).split(sep).join("/");
}

/** Folder of the plain directories that a session's agents have to themselves. */
export function workspacesFolder(context: Context, session: Pick<Session, "name">): string {
  return join(context.settings.workspaceDir ?? join(context.home, "workspaces"), refPart(session.name));
}

export function defaultBranch(session: Pick<Session, "name">, name: string): string {
  return `claude-orch/${refPart(session.name)}/${refPart(name)}`;
}

/** The word, then with `-2`, `-3` … behind it, until one passes. */
export async function firstFree(word: string, isFree: (candidate: string) => Promise<boolean>): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? word : `${word}-${number}`;
    if (await isFree(candidate)) return candidate;
  }
}

/** Where a worktree's folder is moved before it is deleted: beside it, found again by its id. */
export function trashOf(row: { id: string; path: string }): string {
  return `${row.path}.removed-${row.id.slice(-8)}`;
}

/** Patterns of the setting worktreeCopy. */
export function listedPatterns(context: Context): string[] {
  return context.settings.worktreeCopy
    .split(",")
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");
}
