import { existsSync, lstatSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "../../core/errors.ts";
import { asBytes, entriesOf, type Git, type GitOptions, readable, toBytes } from "./git.ts";

/** An entry of an index. `path` is bytes (see Git). */
export interface IndexEntry {
  mode: string;
  oid: string;
  /** 0, or 1 to 3 in a conflict. */
  stage: number;
  path: string;
}

const GITLINK = "160000";

/** A working tree with its git directory. All questions name both, so that none is answered by a repository around it. */
export class Tree {
  readonly git: Git;
  readonly path: string;
  readonly gitDir: string;
  readonly signal: AbortSignal | undefined;

  constructor(git: Git, { path, gitDir, signal }: { path: string; gitDir: string; signal?: AbortSignal | undefined }) {
    this.git = git;
    this.path = path;
    this.gitDir = gitDir;
    this.signal = signal;
  }

  /** Whether the folder is there: its index outlives it. */
  get exists(): boolean {
    return lstatSync(this.path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  run(args: readonly string[], options: Partial<GitOptions> = {}): Promise<string> {
    return this.git.run(args, this.#options(options));
  }

  ask(args: readonly string[], options: Partial<GitOptions> = {}) {
    return this.git.ask(args, this.#options(options));
  }

  /** Commit that a name means here, or null. */
  async commit(name: string): Promise<string | null> {
    const { exitCode, stdout } = await this.ask(["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
    return exitCode === 0 ? stdout.trim() : null;
  }

  async index(): Promise<IndexEntry[]> {
    const output = await this.run(["ls-files", "--stage", "-z"], { isBytes: true });
    return entriesOf(output).map((entry) => {
      const tab = entry.indexOf("\t");
      const [mode = "", oid = "", stage = "0"] = entry.slice(0, tab).split(" ");
      return { mode, oid, stage: Number(stage), path: entry.slice(tab + 1) };
    });
  }

  /** Files that git was told not to look at (assume-unchanged, skip-worktree): `there`, and left out of a sparse checkout. Bytes. */
  async overlooked(): Promise<{ there: string[]; absent: string[] }> {
    const entries = entriesOf(await this.run(["ls-files", "-v", "-z"], { isBytes: true }));
    const paths = entries.filter((entry) => /^[a-zS] /.test(entry)).map((entry) => entry.slice(2));
    const isThere = (path: string) => lstatSync(toBytes(asBytes(`${this.path}/`) + path), { throwIfNoEntry: false });
    const there = new Set(paths.filter((path) => isThere(path) !== undefined));
    return { there: [...there], absent: paths.filter((path) => !there.has(path)) };
  }

  /**
   * Paths of the repositories inside it that have files here: submodules, and what git sees as a folder that it does not
   * know. Readable, without a slash at the end.
   */
  async inner(untracked: readonly string[], index?: readonly IndexEntry[]): Promise<string[]> {
    const links = (index ?? (await this.index())).filter(({ mode }) => mode === GITLINK).map(({ path }) => path);
    const folders = untracked.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1));
    return [...new Set([...links, ...folders])].flatMap((bytes) => {
      const name = readable(bytes);
      if (asBytes(name) !== bytes) {
        throw new AppError("GIT_COMMAND_FAILED", `The name of the folder ${name} in ${this.path} is not UTF-8`);
      }
      return existsSync(join(this.path, name, ".git")) ? [name] : [];
    });
  }

  /** A repository inside this one. */
  async innerTree(name: string): Promise<Tree> {
    const path = join(this.path, name);
    return new Tree(this.git, { path, gitDir: await gitDirBehind(path), signal: this.signal });
  }

  #options(options: Partial<GitOptions>): GitOptions {
    return {
      cwd: this.exists ? this.path : this.gitDir,
      signal: this.signal,
      ...options,
      env: { GIT_DIR: this.gitDir, GIT_WORK_TREE: this.path, ...options.env },
    };
  }
}

/** `.git` is the directory, or a file that says where that is. */
async function gitDirBehind(path: string): Promise<string> {
  const dotGit = join(path, ".git");
  if (lstatSync(dotGit).isDirectory()) return dotGit;
  const pointer = (await readFile(dotGit, "utf8")).match(/^gitdir: (.*)$/m)?.[1];
  return realpath(pointer === undefined ? dotGit : resolve(path, pointer));
}
