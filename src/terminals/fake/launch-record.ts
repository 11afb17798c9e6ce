import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../core/errors.ts";

/** What the launcher's `launch.json` says of the agent that would be started. */
export interface LaunchRecord {
  folder: string;
  tag: string;
  conversationId: string;
  mode: "new" | "resume";
  configDir: string;
  spool: string;
  /** Real path. */
  cwd: string;
  name: string;
  claudeVersion: string;
  model: string;
  permissionMode: string;
}

/** @throws CLAUDE_LAUNCH_FAILED when there is none, or an essential field is missing */
export async function readLaunchRecord(launcher: string): Promise<LaunchRecord> {
  const folder = dirname(launcher);
  const raw = await readJson(join(folder, "launch.json"));
  const text = (field: string, otherwise?: string): string => {
    const value = raw[field];
    if (typeof value === "string" && value !== "") return value;
    if (otherwise !== undefined) return otherwise;
    throw new AppError("CLAUDE_LAUNCH_FAILED", `launch.json beside the launcher has no ${field}`);
  };
  const cwd = text("cwd");
  return {
    folder,
    tag: text("tag"),
    conversationId: text("conversationId"),
    mode: text("mode", "new") === "resume" ? "resume" : "new",
    configDir: text("configDir"),
    spool: text("spool", join(folder, "events.jsonl")),
    cwd: await realpath(cwd).catch(() => cwd),
    name: text("name", "agent"),
    claudeVersion: text("claudeVersion", "2.1.329"),
    model: text("model", "claude-opus-5-5"),
    permissionMode: text("permissionMode", "default"),
  };
}

/** Where Claude Code would keep this conversation (claude-code-facts §4; its own short hash is not known). */
export function transcriptPath(launch: LaunchRecord, conversationId: string): string {
  const folder = launch.cwd.replaceAll(/[^A-Za-z0-9]/g, "-");
  const hash = createHash("sha256").update(launch.cwd).digest("hex").slice(0, 6);
  const name = folder.length <= 200 ? folder : `${folder.slice(0, 200)}-${hash}`;
  return join(launch.configDir, "projects", name, `${conversationId}.jsonl`);
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  } catch (cause) {
    throw new AppError("CLAUDE_LAUNCH_FAILED", "There is no readable launch.json beside the launcher", { cause });
  }
}
