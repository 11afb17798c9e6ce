import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "../../core/errors.ts";
import { type GitOptions, toBytes, WHOLE_TREE_MS } from "./git.ts";
import type { IndexEntry, Tree } from "./tree.ts";

/** Files are taken as they are on disk: no line endings, no filters (LFS, ident), no encodings. */
const AS_THEY_ARE = "* -text -filter -ident -working-tree-encoding -export-subst\n";
/** What the repository says of its file system, and what it ignores, holds here as well. */
const KEPT_SETTINGS = /^core\.(filemode|symlinks|ignorecase|precomposeunicode|excludesfile|longpaths)$/;
/** Files may change while they are read; after so many readings, somebody is at work there. */
const READINGS = 5;

/**
 * A throw-away git directory that writes into another repository's objects: with it, any folder is read into a tree, and
 * a tree written into any folder, byte for byte, and neither that folder's own index nor its configuration is touched.
 */
export class RawView {
  readonly #tree: Tree;
  readonly #folder: string;
  readonly #objects: string;
  readonly #settings: readonly string[];
  #indexes = 0;

  private constructor(tree: Tree, folder: string, objects: string, settings: readonly string[]) {
    this.#tree = tree;
    this.#folder = folder;
    this.#objects = objects;
    this.#settings = settings;
  }

  /** Does the work with a view whose objects are `tree`'s; scratch files lie below `home` meanwhile. */
  static async over<T>(tree: Tree, home: string, work: (view: RawView) => Promise<T>): Promise<T> {
    const parent = join(home, "scratch");
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await sweep(parent);
    const folder = await mkdtemp(join(parent, "git-"));
    try {
      const format = (await tree.run(["rev-parse", "--show-object-format"])).trim();
      const objects = await gitPath(tree, "objects");
      await tree.git.run(["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, folder], {
        cwd: folder,
        signal: tree.signal,
      });
      await mkdir(join(folder, "info"), { recursive: true });
      await writeFile(join(folder, "info", "attributes"), AS_THEY_ARE);
      await copyFile(await gitPath(tree, "info/exclude"), join(folder, "info", "exclude")).catch(() => undefined);
      return await work(new RawView(tree, folder, objects, await settingsOf(tree)));
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /**
   * Tree object of a working tree: all files that its index has or git would take, the forced ones although they are
   * ignored, and none of the folders `without` (repositories of their own).
   */
  async read(
    folder: string,
    options: { known: readonly IndexEntry[]; forced: readonly string[]; without: readonly string[] },
  ): Promise<string> {
    const index = await this.#index(options.known);
    const everything = [".", ...options.without.map((name) => `:(exclude,top,literal)${name}`)];
    let last = "";
    for (let reading = 0; reading < READINGS; reading += 1) {
      await this.#add(folder, index, [], everything);
      await this.#add(
        folder,
        index,
        ["--force"],
        options.forced.map((path) => `:(top,literal)${path}`),
      );
      const tree = await this.#writeTree(index);
      if (tree === last) return tree;
      last = tree;
    }
    throw new AppError("GIT_COMMAND_FAILED", `The files in ${folder} change all the time`, {
      hint: "End what works there, and try again; nothing was removed.",
      details: { folder },
    });
  }

  /** Tree object of a folder, or of some files and folders in it, whatever they hold. */
  async readAll(folder: string, names?: readonly string[]): Promise<string> {
    const index = await this.#index([]);
    await this.#add(folder, index, ["--force"], names?.map((name) => `:(top,literal)${name}`) ?? ["."]);
    return this.#writeTree(index);
  }

  /** Tree object of index entries, whose stage is left out of account. */
  async treeOf(entries: readonly IndexEntry[]): Promise<string> {
    return this.#writeTree(await this.#index(entries));
  }

  /** Tree object with one file of this content, named `list`. */
  async listOf(paths: readonly string[]): Promise<string> {
    const input = toBytes(paths.map((path) => `${path}\0`).join(""));
    const blob = await this.#tree.run(["hash-object", "-w", "--stdin"], { input });
    return (await this.#tree.run(["mktree", "-z"], { input: `100644 blob ${blob.trim()}\tlist\0` })).trim();
  }

  /** Writes all files of a tree object into a folder, over what is there. */
  async write(tree: string, folder: string): Promise<void> {
    const index = await this.#index([]);
    await mkdir(folder, { recursive: true });
    await this.#run(["read-tree", tree], index, folder);
    await this.#run(["checkout-index", "--all", "--force"], index, folder);
  }

  /** Tree object with these subtrees. */
  async combine(trees: Readonly<Record<string, string>>): Promise<string> {
    const lines = Object.entries(trees).map(([name, oid]) => `040000 tree ${oid}\t${name}\0`);
    return (await this.#tree.run(["mktree", "-z"], { input: lines.join("") })).trim();
  }

  async #index(entries: readonly IndexEntry[]): Promise<string> {
    this.#indexes += 1;
    const index = join(this.#folder, `index-${this.#indexes}`);
    const lines = entries.map(({ mode, oid, path }) => `${mode} ${oid} 0\t${path}\0`);
    await this.#run(["read-tree", "--empty"], index, this.#folder);
    if (lines.length > 0) {
      await this.#run(["update-index", "-z", "--index-info"], index, this.#folder, toBytes(lines.join("")));
    }
    return index;
  }

  async #add(folder: string, index: string, flags: readonly string[], pathspecs: readonly string[]): Promise<void> {
    if (pathspecs.length === 0) return;
    const input = pathspecs.map((pathspec) => `${pathspec}\0`).join("");
    await this.#run(
      ["add", "--all", ...flags, "--pathspec-from-file=-", "--pathspec-file-nul"],
      index,
      folder,
      Buffer.from(input),
    );
  }

  /** Objects may be missing that a partial clone never fetched. */
  async #writeTree(index: string): Promise<string> {
    return (await this.#run(["write-tree", "--missing-ok"], index, this.#folder)).trim();
  }

  #run(args: readonly string[], index: string, folder: string, input?: Buffer): Promise<string> {
    const options: GitOptions = {
      cwd: folder,
      timeoutMs: WHOLE_TREE_MS,
      signal: this.#tree.signal,
      ...(input === undefined ? {} : { input }),
      env: {
        GIT_DIR: this.#folder,
        GIT_WORK_TREE: folder,
        GIT_INDEX_FILE: index,
        GIT_OBJECT_DIRECTORY: this.#objects,
      },
    };
    const settings = ["core.bare=false", "core.autocrlf=false", "core.safecrlf=false", ...this.#settings];
    return this.#tree.git.run([...settings.flatMap((setting) => ["-c", setting]), ...args], options);
  }
}

/** A view lasts minutes at most. */
const STALE_MS = 24 * 3_600_000;

/** Scratch folders of processes that were killed. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - STALE_MS) await rm(folder, { recursive: true, force: true });
  }
}

async function gitPath(tree: Tree, name: string): Promise<string> {
  const found = await tree.run(["rev-parse", "--git-path", name]);
  return resolve(tree.exists ? tree.path : tree.gitDir, found.trimEnd());
}

async function settingsOf(tree: Tree): Promise<string[]> {
  const output = await tree.run(["config", "--null", "--list"]);
  return output.split("\0").flatMap((entry) => {
    const [name = "", ...value] = entry.split("\n");
    return KEPT_SETTINGS.test(name) ? [`${name}=${value.join("\n")}`] : [];
  });
}
