import type { Agent, TerminalRef } from "../../../core/agent.ts";
import { parseDuration } from "../../../core/duration.ts";
import { AppError } from "../../../core/errors.ts";
import type { Context } from "../../context.ts";

/**
 * An agent whose opener died between opening the terminal and writing it down gets the terminal that carries its tag.
 * Changes `agent` in place.
 */
export async function findOpened(context: Context, agent: Agent): Promise<void> {
  if (agent.lifecycle !== "opening" || !agent.terminal || agent.terminal.id !== "") return;
  const terminal = await findReachable(context, agent.terminal);
  if (!terminal) return;
  // Ended, or started anew, meanwhile: what was found is being closed.
  await writeDownOpened(context, agent.id, terminal);
  Object.assign(agent, { terminal, lifecycle: "open" });
}

/** Undefined also where nobody can look for it now. */
async function findReachable(context: Context, { backend, tag }: TerminalRef): Promise<TerminalRef | undefined> {
  try {
    return await (await context.backend(backend)).find(tag, context.signal);
  } catch (error) {
    if (isUnreachable(error)) return undefined;
    throw error;
  }
}

/** What holds the terminals is not there, is out of reach or does not answer. */
export function isUnreachable(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === "BACKEND_COMMAND_FAILED" || error.code === "BACKEND_UNAVAILABLE");
}

/**
 * The terminal of an agent, for a look at it. Changes `agent` in place, like findOpened.
 * @throws TERMINAL_GONE
 */
export async function openTerminalOf(context: Context, agent: Agent): Promise<TerminalRef> {
  await findOpened(context, agent);
  if (!agent.terminal) throw new AppError("TERMINAL_GONE", `Agent ${agent.name} has no terminal open`);
  if (agent.terminal.id !== "") return agent.terminal;
  throw isBeingOpened(context, agent)
    ? new AppError("TERMINAL_GONE", `The terminal of agent ${agent.name} is not open yet`, {
        hint: "Try again in a moment.",
      })
    : new AppError("TERMINAL_GONE", `The terminal of agent ${agent.name} was never opened`);
}

/**
 * Writes down that this terminal of an agent is there.
 * @returns false when the agent was ended, deleted or started anew since it was to be opened: nobody would close it then
 */
export async function writeDownOpened(context: Context, agentId: string, terminal: TerminalRef): Promise<boolean> {
  return context.store.transaction(async ({ agents }) => {
    const current = await agents.get(agentId);
    if (!current || current.lifecycle === "closed" || current.terminal?.tag !== terminal.tag) return false;
    // Whoever looked at the agent meanwhile may have found it, and written it down.
    if (current.lifecycle === "opening") await agents.update(agentId, { terminal, lifecycle: "open" });
    return true;
  });
}

/** Its terminal is not there yet, and whoever opens it may be about to. */
export function isBeingOpened(context: Context, agent: Agent): boolean {
  const bound = parseDuration(context.settings.backendTimeout) ?? 10_000;
  return agent.lifecycle === "opening" && context.clock.now() - (agent.launchedAt ?? 0) < bound;
}
