import type { AppError } from "../core/errors.ts";
import { isAgentEnvironment } from "../operations/agent-environment.ts";
import { parseInput } from "../operations/call.ts";
import { configSet, setSetting } from "../operations/config/set.ts";

/**
 * `config set` where a bad setting keeps everything else from being opened: it is what corrects that setting. Undefined
 * where the trouble is another one, and for agents: who they are stands in the store, which cannot be asked.
 */
export async function setWithoutContext(error: AppError, { input }: { input: Record<string, unknown> }) {
  if (!error.code.startsWith("CONFIG_") || isAgentEnvironment(process.env)) return undefined;
  const { composeSettings } = await import("../compose.ts");
  return setSetting(parseInput(configSet, input), composeSettings());
}
