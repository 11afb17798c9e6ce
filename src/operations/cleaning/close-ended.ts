import type { Agent, StateReport } from "../../core/agent.ts";
import { toAppError } from "../../core/errors.ts";
import { endAgent } from "../agent/lifecycle/end.ts";
import { settleCutOff } from "../agent/lifecycle/settle-cut-off.ts";
import { underLease } from "../agent/lifecycle/under-lease.ts";
import { backendOf, observeAgent, observeAgents } from "../agent/observe.ts";
import type { Context } from "../context.ts";
import { milliseconds } from "../fields.ts";

/**
 * Closes the terminals of agents whose Claude Code ended longer ago than the setting closeExitedAfter (a tmux pane or an
 * iTerm2 tab shows the last screen until then), and removes what only their launch needed. Agent, transcript, answers and
 * worktree stay, and `agent start --resume` opens it again. What crashed is an error for a person to look at, and what a
 * person started is theirs: both are left alone.
 */
export async function closeEnded(context: Context): Promise<void> {
  const agents = (await context.store.agents.list()).filter(
    ({ lifecycle, isAdopted }) => lifecycle !== "closed" && !isAdopted,
  );
  const reports = await observeAgents(context, agents);
  for (const [index, agent] of agents.entries()) {
    const report = reports[index];
    if (!report || !isOver(context, report)) continue;
    try {
      await tidy(context, agent.id);
    } catch (thrown) {
      if (context.signal.aborted) return;
      context.logger.warn("cleaning.agent-failed", { agentId: agent.id, error: toAppError(thrown).message });
    }
  }
}

/** Long enough ago, and without a process that might still need its files. */
function isOver({ clock, settings }: Context, { state, since, pid }: StateReport): boolean {
  const hasEnded = state === "exited" || state === "lost";
  return hasEnded && pid === undefined && clock.now() - since >= milliseconds(undefined, settings.closeExitedAfter);
}

/** @throws AGENT_BUSY while another process starts it */
async function tidy(context: Context, agentId: string): Promise<void> {
  await underLease(context, agentId, async () => {
    const agent = await context.store.agents.get(agentId);
    if (!agent || agent.lifecycle === "closed") return;
    // Somebody may have started it again meanwhile.
    const report = await observeAgent(context, agent);
    if (!isOver(context, report)) return;
    if (report.state === "exited") await close(context, agent);
    await (await context.program(await backendOf(context, agent))).removeLaunchFiles(agent.id);
  });
}

/** A lost one is not closed: `session restore` is to bring it back. */
async function close(context: Context, agent: Agent): Promise<void> {
  await settleCutOff(context, agent);
  await endAgent(context, agent);
  context.logger.info("agent.tidied", { agentId: agent.id });
}
