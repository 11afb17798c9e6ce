import { mkdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { writePrivateFile } from "./private-file.ts";

const entries = z.record(z.string(), z.object({ mtimeMs: z.number(), size: z.number(), version: z.string() }));
const KEPT = 8;

/**
 * Versions of executables, each valid as long as the file behind the path (links followed) keeps its time and size.
 * It is only a memory: a file that cannot be read or written means asking again.
 */
export class VersionCache {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async get(executable: string): Promise<string | undefined> {
    const [known, now] = await Promise.all([this.#read(), fingerprint(executable)]);
    const entry = now && known[now.real];
    return entry?.mtimeMs === now?.mtimeMs && entry?.size === now?.size ? entry?.version : undefined;
  }

  async set(executable: string, version: string): Promise<void> {
    const now = await fingerprint(executable);
    if (now === undefined) return;
    const { [now.real]: _, ...others } = await this.#read();
    const newest = { [now.real]: { mtimeMs: now.mtimeMs, size: now.size, version } };
    const kept = { ...newest, ...Object.fromEntries(Object.entries(others).slice(0, KEPT - 1)) };
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 })
      .then(() => writePrivateFile(this.#file, JSON.stringify(kept)))
      .catch(() => undefined);
  }

  async #read(): Promise<z.infer<typeof entries>> {
    const text = await readFile(this.#file, "utf8").catch(() => "{}");
    try {
      return entries.parse(JSON.parse(text));
    } catch {
      return {};
    }
  }
}

async function fingerprint(executable: string) {
  try {
    const real = await realpath(executable);
    const { mtimeMs, size } = await stat(real);
    return { real, mtimeMs, size };
  } catch {
    return undefined;
  }
}
