import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { WorkflowFile, WorkflowSource } from "../core/ports/workflow-source.ts";

/** No template is that long. */
const MAX_BYTES = 256 * 1024;

/** Templates are files. Those that come with us are read once, all others each time: an edited file counts from then on. */
export class WorkflowFiles implements WorkflowSource {
  readonly builtIn: string;
  #own: Promise<WorkflowFile[]> | undefined;

  constructor(builtIn: string) {
    this.builtIn = builtIn;
  }

  read(folder: string): Promise<WorkflowFile[]> {
    if (folder !== this.builtIn) return readFolder(folder);
    this.#own ??= readFolder(folder);
    return this.#own;
  }
}

async function readFolder(folder: string): Promise<WorkflowFile[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => /\.ya?ml$/i.test(name)).map((name) => join(folder, name));
  const files = await Promise.all(paths.toSorted().map(readWorkflowFile));
  return files.filter((file) => file !== undefined);
}

async function readWorkflowFile(path: string): Promise<WorkflowFile | undefined> {
  const problem = (message: string) => ({ path, yaml: null, problems: [{ line: 1, column: 1, message }] });
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    if (found.size > MAX_BYTES) return problem(`the file is larger than ${MAX_BYTES} bytes`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    const { readPlacedYaml } = await import("./placed-yaml.ts");
    return { path, ...readPlacedYaml(text) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return problem(
      code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "the file is not UTF-8 text" : `cannot be read (${code})`,
    );
  }
}
