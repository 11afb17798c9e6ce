import { cp, lstat, mkdir, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { entriesOf, readable } from "./git.ts";
import type { Tree } from "./tree.ts";

/**
 * Files outside version control that the project lists (setting worktreeCopy), relative to the top. A glob does not look
 * into folders that are ignored as a whole (`node_modules`); a path names what it names.
 */
export async function listedFiles(tree: Tree, patterns: readonly string[]): Promise<string[]> {
  const wanted = patterns.map((pattern) => pattern.trim()).filter(isInside);
  const globs = wanted.filter((pattern) => /[*?[]/.test(pattern)).map((pattern) => `:(glob)${pattern}`);
  const paths = wanted.filter((pattern) => !/[*?[]/.test(pattern)).map((pattern) => `:(literal)${pattern}`);
  const found = [
    ...(globs.length > 0 ? await matches(tree, globs) : []),
    ...(paths.length > 0 ? await others(tree, ["--", ...paths]) : []),
  ];
  return [...new Set(found)].sort();
}

/** A project's file is not ours: nothing outside the repository, and nothing of git's own. */
function isInside(pattern: string): boolean {
  const parts = pattern.split("/");
  return pattern !== "" && !pattern.startsWith("/") && !parts.includes("..") && !parts.includes(".git");
}

async function matches(tree: Tree, globs: readonly string[]): Promise<string[]> {
  const found = await others(tree, ["--", ...globs]);
  if (found.length === 0) return [];
  const ignored = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
  const entries = entriesOf(await tree.run(ignored, { isBytes: true })).map(readable);
  const folders = entries.filter((path) => path.endsWith("/"));
  return found.filter((path) => !folders.some((folder) => path.startsWith(folder)));
}

async function others(tree: Tree, args: readonly string[]): Promise<string[]> {
  const output = await tree.run(["ls-files", "--others", "-z", ...args], { isBytes: true });
  return entriesOf(output)
    .filter((path) => !path.endsWith("/"))
    .map(readable);
}

/** Copies files into another tree, with their modes, links as links; what is there already stays. Returns what was copied. */
export async function copyFiles(from: string, to: string, paths: readonly string[]): Promise<string[]> {
  const copied: string[] = [];
  for (const path of paths) {
    if (await lstat(join(to, path)).catch(() => undefined)) continue;
    // What is a folder here may be a link in the commit, and lead anywhere.
    if (!(await leadsInto(to, dirname(join(to, path))))) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(from, path), join(to, path), { errorOnExist: true, force: false, verbatimSymlinks: true });
    copied.push(path);
  }
  return copied;
}

/** Whether a folder, or as much of its path as there is, lies in another one once links are followed. */
async function leadsInto(folder: string, path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return leadsInto(folder, dirname(path));
  const top = await realpath(folder);
  return real === top || real.startsWith(top + sep);
}

/** Whether two files, or links, have the same content. */
export async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([contentOf(one), contentOf(other)]);
  return first !== undefined && second !== undefined && first.equals(second);
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) return Buffer.from(`-> ${await readlink(path)}`);
  return found?.isFile() ? readFile(path) : undefined;
}
