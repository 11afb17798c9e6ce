import path from "node:path";
import { AppError } from "../../core/errors.ts";

/**
 * Where Claude Code keeps its files for this environment (absolute).
 * @throws CLAUDE_LAUNCH_FAILED when the environment names neither CLAUDE_CONFIG_DIR nor HOME
 */
export function configDir(env: Record<string, string>): string {
  if (env.CLAUDE_CONFIG_DIR) return path.resolve(env.CLAUDE_CONFIG_DIR);
  if (env.HOME) return path.join(path.resolve(env.HOME), ".claude");
  throw new AppError("CLAUDE_LAUNCH_FAILED", "Neither HOME nor CLAUDE_CONFIG_DIR is set", { hint: "Set HOME." });
}
