import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * Finds `<config>/projects/<folder>/<conversation>.jsonl`. The folder's name is never computed: its rule has changed
 * and cuts long paths with a hash (facts §4). Undefined while the file does not exist.
 */
export async function findTranscript(
  configDir: string,
  conversationId: string,
  hints: readonly string[] = [],
): Promise<string | undefined> {
  const name = `${conversationId}.jsonl`;
  if (basename(name) !== name) return undefined;
  for (const hint of hints) if (hint.endsWith(name) && (await isFile(hint))) return hint;
  const projects = join(configDir, "projects");
  const folders = await readdir(projects).catch(() => []);
  const paths = folders.map((folder) => join(projects, folder, name));
  const found = await Promise.all(paths.map(isFile));
  return paths.find((_, index) => found[index]);
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
