import * as z from "zod";
import { AGENT_STATES, type Agent, type StateReport } from "../../../core/agent.ts";
import { AppError, type ErrorCode, toAppError } from "../../../core/errors.ts";
import type { Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";
import { milliseconds } from "../../fields.ts";
import { isGone, pumpQueue } from "../delivery/drive.ts";
import { observeAgent } from "../observe.ts";
import { waitUntilReady } from "./open.ts";
import { reopenAgent } from "./reopen.ts";
import { settleCutOff } from "./settle-cut-off.ts";
import { underLease } from "./under-lease.ts";

export const RESTORE_OUTCOMES = ["alive", "found", "resumed", "reopened", "skipped", "failed"] as const;

export const restoredView = z.object({
  id: z.string(),
  name: z.string(),
  session: z.string().describe("Name of its session"),
  outcome: z
    .enum(RESTORE_OUTCOMES)
    .describe(
      "alive: left alone; found: its terminal was found again; resumed: opened again with its conversation; reopened: opened again with a new conversation, for nothing had been said; skipped: it was not running; failed: see reason",
    ),
  reason: z.string().optional().describe("Why it was skipped or could not be restored"),
  code: z.string().optional().describe("Error code, when it failed"),
  state: z.enum(AGENT_STATES).optional().describe("Its state now"),
  missingEnv: z
    .array(z.string())
    .optional()
    .describe("Variables it was spawned with (--env) that the caller's environment does not have: it runs without"),
});
export type Restored = z.infer<typeof restoredView>;

type Outcome = Omit<Restored, "id" | "name" | "session">;

/**
 * Brings one agent back after its terminal or the machine went away. Never throws but for cancellation: what keeps one
 * agent from coming back must not keep the others.
 */
export async function restoreAgent(context: Context, session: Session, agent: Agent): Promise<Restored> {
  const who = { id: agent.id, name: agent.name, session: session.name };
  try {
    const restored = await restore(context, session, agent.id);
    const { outcome } = restored;
    if (outcome !== "alive" && outcome !== "skipped") {
      context.logger.info("agent.restored", { agentId: agent.id, outcome });
    }
    return { ...who, ...restored };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.kind === "cancelled") throw error;
    context.logger.warn("agent.not-restored", { agentId: agent.id, code: error.code });
    return { ...who, outcome: "failed", code: error.code, reason: error.message };
  }
}

async function restore(context: Context, session: Session, agentId: string): Promise<Outcome> {
  // Without the lease first: whoever types into a living agent may hold it for a while.
  const before = await look(context, agentId);
  if (before.kind === "settled") return before.outcome;
  const reopened = await underLease(context, agentId, async () => {
    // Another restore may have been faster.
    const now = await look(context, agentId);
    return now.kind === "settled" ? now : { kind: "opened" as const, ...(await reopen(context, session, now.agent)) };
  });
  if (reopened.kind === "settled") return reopened.outcome;

  const { agent, outcome } = reopened;
  const { state } = await waitUntilReady(context, agent, milliseconds(undefined, context.settings.spawnTimeout));
  await pumpQueue(context, agent);
  const missingEnv = agent.envNames.filter((name) => context.caller.env[name] === undefined);
  return { outcome, state, ...(missingEnv.length > 0 ? { missingEnv } : {}) };
}

type Look = { kind: "settled"; outcome: Outcome } | { kind: "gone"; agent: Agent };

const settled = (outcome: Outcome): Look => ({ kind: "settled", outcome });

/** Does it need to be opened again? A terminal whose id is not the stored one any more is written down. */
async function look(context: Context, agentId: string): Promise<Look> {
  const agent = await context.store.agents.get(agentId);
  if (!agent) throw new AppError("AGENT_NOT_FOUND", `Agent ${agentId} was deleted meanwhile`);
  if (agent.lifecycle === "closed") {
    return settled({ outcome: "skipped", state: "exited", reason: "its conversation was ended with claude-orch" });
  }
  const known = agent.terminal?.id;
  const place = await findTerminal(context, agent);
  // Finds by its tag what was being opened when its orchestrator died.
  const report = await observeAgent(context, agent);
  if (isGone(report)) return judgeGone(agent, report);
  if (place === "missing") {
    await endWithoutTerminal(context, agent);
    return look(context, agentId);
  }
  const isFound = place === "moved" || agent.terminal?.id !== known;
  return settled({ outcome: isFound ? "found" : "alive", state: report.state });
}

/** What ended of its own will stays ended; what was taken away comes back. A person's own Claude Code is theirs to start. */
function judgeGone(agent: Agent, report: StateReport): Look {
  if (agent.isAdopted) {
    const reason = "a person started it; claude-orch agent start --resume opens its conversation in a terminal of ours";
    return settled({ outcome: "skipped", state: report.state, reason });
  }
  if (report.state === "exited") {
    return settled({ outcome: "skipped", state: report.state, reason: `it is ${report.because}` });
  }
  return { kind: "gone", agent };
}

/** Looks for the agent's terminal, by its tag where it is not where it was. Changes `agent` in place. */
async function findTerminal(context: Context, agent: Agent): Promise<"known" | "moved" | "missing"> {
  const { terminal } = agent;
  // Adopted without a terminal within reach, or about to be opened by somebody else.
  if (!terminal || terminal.id === "") return "known";
  const backend = await context.backend(terminal.backend);
  const [status] = await backend.status([terminal], context.signal);
  if (status?.exists) return "known";
  const found = await backend.find(terminal.tag, context.signal);
  if (!found) return "missing";
  await context.store.agents.update(agent.id, { terminal: found });
  agent.terminal = found;
  return "moved";
}

/** Claude Code ends 80–500 ms after its terminal (claude-code-facts §10). */
const OUTLIVE_MS = 3_000;

/**
 * Nobody can reach a Claude Code any more whose terminal is gone: it ends by itself, or is ended. An adopted one is the
 * person's, wherever it lives on.
 * @throws TERMINAL_GONE when it does not end
 */
async function endWithoutTerminal(context: Context, agent: Agent): Promise<void> {
  if (agent.isAdopted) return context.store.agents.update(agent.id, { terminal: null });
  for (const signal of [undefined, "SIGTERM", "SIGKILL"] as const) {
    const deadline = context.clock.monotonic() + OUTLIVE_MS;
    const { pid } = await observeAgent(context, agent);
    if (signal && pid !== undefined) context.processes.kill(pid, signal);
    while (context.clock.monotonic() < deadline) {
      if (isGone(await observeAgent(context, agent))) return;
      await context.clock.sleep(50, context.signal);
    }
  }
  throw new AppError("TERMINAL_GONE", `Agent ${agent.name} lives on without its terminal, and could not be ended`);
}

/** Opens it again with the conversation that it had last. */
async function reopen(
  context: Context,
  session: Session,
  agent: Agent,
): Promise<{ agent: Agent; outcome: "resumed" | "reopened" }> {
  // A worktree that was removed by hand is made again; any other folder must be there.
  if (agent.worktree === null) await context.files.realDirectory(agent.cwd);
  await settleCutOff(context, agent);
  const program = await context.program(session.backend);
  // A person may have opened another one in its tab.
  const id = (await program.currentConversation(agent)) ?? agent.conversationId;
  const transcript = id === null ? undefined : await program.transcriptPath(agent, id);
  if (id !== null && transcript === undefined && (await wasSpokenTo(context, agent, id))) {
    throw new AppError("TRANSCRIPT_NOT_FOUND", `The transcript of conversation ${id} is gone`, {
      hint: `Begin a new one with claude-orch agent start ${agent.name}.`,
    });
  }
  const isResumed = id !== null && transcript !== undefined;
  const conversation = isResumed ? { id, mode: "resume" as const } : { id: context.ids.uuid(), mode: "new" as const };
  const opened = await reopenAgent(context, session, agent, { conversation, extraEnv: {} });
  return { agent: opened, outcome: isResumed ? "resumed" : "reopened" };
}

const NEWEST_MESSAGES = 1_000;

async function wasSpokenTo(context: Context, agent: Agent, conversationId: string): Promise<boolean> {
  const messages = await context.store.messages.list(agent.id, { limit: NEWEST_MESSAGES });
  return messages.some((message) => message.conversationId === conversationId && message.recordedAt !== null);
}

/** What restoring may answer with, in an agent's `code`. */
export const RESTORE_ERRORS: readonly ErrorCode[] = [
  "SESSION_ROOT_MISSING",
  "BRANCH_IN_USE",
  "GIT_NOT_INSTALLED",
  "GIT_COMMAND_FAILED",
  "TRANSCRIPT_NOT_FOUND",
  "CONVERSATION_IN_USE",
  "AGENT_NOT_RUNNING",
  "ROLE_NOT_FOUND",
  "ROLE_FILE_INVALID",
  "PROTOCOL_NOT_FOUND",
  "PROTOCOL_FILE_INVALID",
  "CLAUDE_NOT_INSTALLED",
  "CLAUDE_TOO_OLD",
  "CLAUDE_LAUNCH_FAILED",
  "BACKEND_UNAVAILABLE",
  "READY_TIMEOUT",
];
