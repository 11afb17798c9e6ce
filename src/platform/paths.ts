import { accessSync, chmodSync, constants, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../core/errors.ts";

interface Machine {
  platform: NodeJS.Platform;
  userHome: string;
}

/** Absolute path of our home folder: CLAUDE_ORCH_HOME, else the platform's place for state. Nothing is created. */
export function homePath(environment: Record<string, string>, machine: Machine = thisMachine()): string {
  const own = environment.CLAUDE_ORCH_HOME;
  if (own) return resolve(own);
  switch (machine.platform) {
    case "darwin":
      return join(machine.userHome, "Library", "Application Support", "claude-orch");
    case "win32":
      return join(environment.LOCALAPPDATA || join(machine.userHome, "AppData", "Local"), "claude-orch");
    default:
      return join(xdgStateHome(environment) ?? join(machine.userHome, ".local", "state"), "claude-orch");
  }
}

/** A relative one is invalid and to be ignored (XDG Base Directory Specification): it would be another place in each folder. */
function xdgStateHome({ XDG_STATE_HOME: folder = "" }: Record<string, string>): string | undefined {
  return isAbsolute(folder) ? folder : undefined;
}

/**
 * Creates the home folder (0700) where it is missing and returns its real path.
 * @throws HOME_NOT_OURS, HOME_NOT_WRITABLE
 */
export function openHome(path: string): string {
  const home = createdFolder(path);
  const { uid, mode } = statSync(home);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new AppError("HOME_NOT_OURS", `The home folder ${home} belongs to another user`, { details: { home, uid } });
  }
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError("HOME_NOT_WRITABLE", `The home folder ${home} is not writable`, {
      details: { home },
      cause: error,
    });
  }
  if (process.platform !== "win32" && (mode & 0o077) !== 0) closeToOthers(home);
  return home;
}

function createdFolder(path: string): string {
  try {
    createFolder(path);
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFile = code === "EEXIST" || code === "ENOTDIR";
    const problem = isFile ? "is not a folder, or a file stands in its way" : `cannot be created (${code})`;
    throw new AppError("HOME_NOT_WRITABLE", `The home folder ${path} ${problem}`, {
      details: { home: path },
      cause: error,
    });
  }
}

/** Not mkdir's own recursion: that never returns where the system answers ENOENT below a folder that exists (/proc). */
function createFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) createFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** What is found in a home that was ours before. */
const OWN_ENTRIES = new Set(["store.db", "agents", "key", "key-source.json", "config.json", "doorbell", "logs"]);

/** Takes away what group and others may do, but never of a folder that serves something else as well (/tmp, ~). */
function closeToOthers(home: string): void {
  const entries = readdirSync(home);
  if (entries.length > 0 && !entries.some((entry) => OWN_ENTRIES.has(entry))) {
    throw new AppError("HOME_NOT_OURS", `The folder ${home} is open to other users and holds other things`, {
      hint: "Set CLAUDE_ORCH_HOME to a folder of its own.",
      details: { home },
    });
  }
  chmodSync(home, 0o700);
}

function thisMachine(): Machine {
  const home = homedir();
  // An empty HOME (cron, some containers) would put our state into whatever folder we are called in.
  return { platform: process.platform, userHome: isAbsolute(home) ? home : userInfo().homedir };
}
