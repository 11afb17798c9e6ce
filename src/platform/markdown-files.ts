import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { MarkdownFile, MarkdownSource } from "../core/ports/markdown-source.ts";

/** No prompt is that long; a dump that somebody left there is. */
const MAX_BYTES = 256 * 1024;

/** Roles and protocols are files. Those that come with us are read once, all others each time: an edited file counts from then on. */
export class MarkdownFiles implements MarkdownSource {
  readonly builtIn: string;
  #own: Promise<MarkdownFile[]> | undefined;

  constructor(builtIn: string) {
    this.builtIn = builtIn;
  }

  read(folder: string): Promise<MarkdownFile[]> {
    if (folder !== this.builtIn) return readFolder(folder);
    this.#own ??= readFolder(folder);
    return this.#own;
  }
}

async function readFolder(folder: string): Promise<MarkdownFile[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = names.filter((name) => /\.md$/i.test(name)).map((name) => join(folder, name));
  const files = await Promise.all(paths.toSorted().map(readMarkdownFile));
  return files.filter((file) => file !== undefined);
}

async function readMarkdownFile(path: string): Promise<MarkdownFile | undefined> {
  const problem = (message: string): MarkdownFile => ({ path, matter: null, body: "", problem: { line: 1, message } });
  try {
    const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) return undefined;
    if (size > MAX_BYTES) return problem(`the file is larger than ${MAX_BYTES} bytes`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    const { splitFrontMatter } = await import("./front-matter.ts");
    return { path, ...splitFrontMatter(text) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return problem(
      code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "the file is not UTF-8 text" : `cannot be read (${code})`,
    );
  }
}
