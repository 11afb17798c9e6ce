import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Environment of git in tests: nobody's configuration but what is written below `home`. */
export function gitEnv(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
}

/** Git as a person would use it in a folder: `git(folder, "commit", "-m", "x")`; returns what it prints. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "protocol.file.allow=always"];
  const env = { ...gitEnv(path.dirname(folder)), GIT_EDITOR: "true" };
  const { stdout } = await run("git", [...identity, ...args], { cwd: folder, env });
  return stdout;
}

/** A repository with these files in its first commit, on branch `main`. */
export async function gitProject(
  folder: string,
  files: Record<string, string> = { "a.txt": "one\n" },
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await git(folder, "init", "--quiet", "--initial-branch=main");
  await put(folder, files);
  await git(folder, "add", "--all", "--force");
  await git(folder, "commit", "--quiet", "--message", "first");
  return folder;
}

export async function put(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Every file below a folder, but for its own `.git`: path → mode and content, byte for byte. */
export async function everything(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const look = async (relative: Buffer) => {
    const here = Buffer.concat([Buffer.from(`${folder}/`), relative]);
    for (const name of await readdir(here, { encoding: "buffer" })) {
      const below = relative.length === 0 ? name : Buffer.concat([relative, Buffer.from("/"), name]);
      if (below.toString("latin1") === ".git") continue;
      const full = Buffer.concat([Buffer.from(`${folder}/`), below]);
      const about = await lstat(full);
      if (about.isDirectory()) await look(below);
      else {
        const content = about.isSymbolicLink() ? await readlink(full, "buffer") : await readFile(full);
        const mode = about.isSymbolicLink() ? "link" : about.mode & 0o100 ? "program" : "file";
        found[below.toString("latin1")] = `${mode} ${content.toString("latin1")}`;
      }
    }
  };
  await look(Buffer.alloc(0));
  return found;
}
