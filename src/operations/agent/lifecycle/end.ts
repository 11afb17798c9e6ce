import type { Agent, TerminalRef } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Context } from "../../context.ts";
import { observeAgent } from "../observe.ts";

/** How long Claude Code gets to end by itself (it needs 80–500 ms, claude-code-facts §10). */
const GRACE_MS = 5_000;

/**
 * Ends an agent's Claude Code and closes its terminal: asked to end first, forced after a bound. The transcript stays.
 * Idempotent.
 */
export async function endAgent(context: Context, agent: Agent): Promise<void> {
  // Who opens it meanwhile is ended, too: once it is written down as closed, nobody would look for that terminal.
  for (let opened: Agent | undefined = agent; opened; ) opened = await endLaunch(context, opened);
}

/** @returns the agent, where another terminal of it is there by now than the one that was closed */
async function endLaunch(context: Context, agent: Agent): Promise<Agent | undefined> {
  const terminal = await findTerminal(context, agent);
  const { pid, exitCode } = await observeAgent(context, agent);
  const process = pid === undefined ? undefined : context.processes.identify(pid);
  if (process && context.processes.kill(process.pid, "SIGTERM")) {
    await waitUntil(context, () => !context.processes.isAlive(process), GRACE_MS);
  }
  if (terminal) {
    const backend = await context.backend(terminal.backend);
    await backend.close(terminal, context.signal);
  }
  if (process && context.processes.isAlive(process)) {
    // The group of an adopted one may hold its person's shell.
    context.processes.kill(process.pid, "SIGKILL", { group: !agent.isAdopted });
  }
  const opened = await context.store.transaction(async ({ agents, conversations }) => {
    const current = await agents.get(agent.id);
    if (current?.lifecycle === "open" && current.terminal && !isSame(current.terminal, terminal)) return current;
    await agents.update(agent.id, { terminal: null, lifecycle: "closed" });
    if (agent.conversationId) await conversations.update(agent.conversationId, { endedAt: context.clock.now() });
    return undefined;
  });
  if (!opened)
    context.logger.info("agent.ended", { agentId: agent.id, ...(exitCode === undefined ? {} : { exitCode }) });
  return opened;
}

function isSame(one: TerminalRef, other: TerminalRef | undefined): boolean {
  return one.tag === other?.tag && one.id === other.id;
}

/** The agent's terminal, looked up by its tag when a crash left the launch half journalled. */
async function findTerminal(context: Context, agent: Agent) {
  if (!agent.terminal) return undefined;
  if (agent.terminal.id !== "") return agent.terminal;
  const backend = await context.backend(agent.terminal.backend);
  return backend.find(agent.terminal.tag, context.signal);
}

async function waitUntil(context: Context, isDone: () => boolean, maxMs: number): Promise<void> {
  const deadline = context.clock.monotonic() + maxMs;
  while (!isDone() && context.clock.monotonic() < deadline) await context.clock.sleep(20, context.signal);
}

/** @throws AGENT_BUSY when the agent works or waits for somebody and `isForced` is not set */
export async function assertMayEnd(context: Context, agent: Agent, isForced: boolean): Promise<void> {
  if (isForced) return;
  const report = await observeAgent(context, agent);
  if (report.state !== "working" && report.state !== "waiting") return;
  throw new AppError("AGENT_BUSY", `Agent ${agent.name} is ${report.because}`, {
    hint:
      report.state === "waiting"
        ? "Answer what it asks with claude-orch agent respond (claude-orch inbox shows it), or pass --force."
        : "Wait for it with claude-orch agent wait, or pass --force.",
    details: { agentId: agent.id, state: report.state },
  });
}
