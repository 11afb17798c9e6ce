import type { Agent, StateReport, TerminalRef } from "../../core/agent.ts";
import type { Screen, TerminalStatus } from "../../core/ports/terminal-backend.ts";
import type { BackendName } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { findOpened, isBeingOpened, isUnreachable } from "./lifecycle/find-opened.ts";

/** Backend of an agent: that of its terminal, else that of its session. */
export async function backendOf(context: Context, agent: Agent): Promise<BackendName> {
  if (agent.terminal) return agent.terminal.backend;
  return (await context.store.sessions.get(agent.sessionId))?.backend ?? "tmux";
}

interface Look {
  /** How to read the screen, where nothing else decides. */
  screen?: () => Promise<Screen | undefined>;
}

/** The state of one agent, from its evidence now. */
export async function observeAgent(context: Context, agent: Agent, look: Look = {}): Promise<StateReport> {
  const [report] = await observeAgents(context, [agent], look);
  if (!report) throw new Error("observeAgents answers one report per agent");
  return report;
}

/**
 * States of many agents, in order. Terminals are asked about, all of one backend at once, only where the process is not
 * provably alive: one call of a terminal program costs more than all the files of an agent together.
 */
export async function observeAgents(
  context: Context,
  agents: readonly Agent[],
  look: Look = {},
): Promise<StateReport[]> {
  for (const agent of agents) await findOpened(context, agent);
  const looks = await Promise.all(
    agents.map(async (agent) => {
      const program = await context.program(await backendOf(context, agent));
      return { agent, program, isAlive: await program.isAlive(agent) };
    }),
  );
  const unproved = looks.filter(({ isAlive }) => !isAlive).map(({ agent }) => agent);
  const statuses = await terminalStatuses(context, unproved);
  return Promise.all(
    looks.map(async ({ agent, program, isAlive }) => {
      const screen = look.screen ?? (() => readScreen(context, agent));
      const report = await program.observe(agent, statuses.get(agent.id), screen);
      if (!isAlive || report.pid !== undefined) return report;
      // It ended between the two looks: how, its terminal may know.
      const status = (await terminalStatuses(context, [agent])).get(agent.id);
      return program.observe(agent, status, screen);
    }),
  );
}

/** What an agent's program is told of its terminal: nothing where its process is provably alive. */
export async function terminalStatusOf(context: Context, agent: Agent): Promise<TerminalStatus | undefined> {
  await findOpened(context, agent);
  const program = await context.program(await backendOf(context, agent));
  if (await program.isAlive(agent)) return undefined;
  return (await terminalStatuses(context, [agent])).get(agent.id);
}

async function terminalStatuses(context: Context, agents: readonly Agent[]): Promise<Map<string, TerminalStatus>> {
  const byBackend = new Map<BackendName, Agent[]>();
  for (const agent of agents) {
    if (!agent.terminal || isBeingOpened(context, agent)) continue;
    const group = byBackend.get(agent.terminal.backend) ?? [];
    group.push(agent);
    byBackend.set(agent.terminal.backend, group);
  }
  const statuses = new Map<string, TerminalStatus>();
  for (const [name, group] of byBackend) {
    const refs = group.flatMap(({ terminal }) => (terminal ? [terminal] : []));
    const found = await reachableStatuses(context, name, refs);
    for (const [index, agent] of group.entries()) {
      const status = found[index];
      if (status) statuses.set(agent.id, status);
    }
  }
  return statuses;
}

/** A terminal program that cannot be reached must not keep the states of all other agents from being told. */
async function reachableStatuses(context: Context, name: BackendName, refs: readonly TerminalRef[]) {
  try {
    return await (await context.backend(name)).status(refs, context.signal);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    context.logger.warn("terminals.unreachable", { backend: name, error: error.message });
    return refs.map((): TerminalStatus => ({ exists: false, isRunning: false, problem: error.message }));
  }
}

/** What an agent's terminal shows now; undefined where that cannot be read. */
export async function readScreen(context: Context, agent: Agent) {
  if (!agent.terminal) return undefined;
  const backend = await context.backend(agent.terminal.backend);
  if (!backend.capabilities.screen) return undefined;
  return backend.screen(agent.terminal, {}, context.signal).catch(() => undefined);
}
