import { createHash } from "node:crypto";
import type { Agent, StateReport } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { Screen } from "../../../core/ports/terminal-backend.ts";
import type { Role } from "../../../core/role.ts";
import type { Session } from "../../../core/session.ts";
import type { Context } from "../../context.ts";
import { resolveProtocol } from "../../protocol/resolve-protocol.ts";
import { agentRights } from "../../role/agent-rights.ts";
import { observeAgent, readScreen } from "../observe.ts";
import { writeDownOpened } from "./find-opened.ts";

const FIRST_LOOK_MS = 100;
/** Files that change are seen at once; a process that ends changes none. */
const LOOK_EVERY_MS = 250;
/** A start-up dialog stays until somebody answers it. */
const SCREEN_EVERY_MS = 400;

export interface OpenOptions {
  conversation: { id: string; mode: "new" | "resume" };
  /** Environment on top of the caller's (--env). */
  extraEnv: Record<string, string>;
  /** The agent's role, where the caller has just read it. */
  role?: Role;
}

/**
 * Opens a terminal for an agent and starts Claude Code in it. Journalled: the row says `opening` with the launch's tag
 * before the terminal exists, so that a crash in between leaves a terminal that is found again by its tag. Its role and
 * protocol are read anew each time, so that a changed file counts; without them nothing is started: what it may and must
 * do would be unknown.
 * @throws ROLE_NOT_FOUND, ROLE_FILE_INVALID, PROTOCOL_NOT_FOUND, PROTOCOL_FILE_INVALID, and what keeps Claude Code from being started;
 * AGENT_NOT_RUNNING when somebody ends the agent meanwhile
 */
export async function openAgent(
  context: Context,
  session: Session,
  agent: Agent,
  options: OpenOptions,
): Promise<Agent> {
  const { store, ids, clock } = context;
  const { role, permissionMode, policy } = await agentRights(context, session, agent, options.role);
  const protocol = await resolveProtocol(context, session.root, agent.protocol);
  const tag = ids.next("nce");
  const workerToken = ids.random(32).toString("base64url");
  const opening: Partial<Agent> = {
    lifecycle: "opening",
    permissionMode,
    conversationId: options.conversation.id,
    terminal: { backend: session.backend, tag, id: "" },
    launchedAt: clock.now(),
    tokenHash: createHash("sha256").update(workerToken).digest("hex"),
  };
  await store.transaction(async ({ agents, conversations }) => {
    await agents.update(agent.id, opening);
    await conversations.upsert({
      id: options.conversation.id,
      agentId: agent.id,
      startedAt: clock.now(),
      endedAt: null,
      transcriptPath: null,
    });
  });

  const backend = await context.backend(session.backend);
  const program = await context.program(session.backend);
  const launched: Agent = { ...agent, ...opening };
  const plan = await program.prepareLaunch({
    agent: launched,
    session: { ...session, policy },
    role,
    protocol,
    env: { ...context.caller.env, ...options.extraEnv },
    conversation: options.conversation,
    tag,
    workerToken,
    mcpCommand: context.mcpCommand,
    autoResume: context.settings.autoResume,
  });
  const splitFrom =
    agent.layout.startsWith("split") || agent.layout === "auto" ? await newestTerminal(context, agent) : undefined;
  const terminal = await backend.open(
    {
      launcher: plan.launcher,
      cwd: agent.cwd,
      title: plan.title,
      subtitle: agent.role,
      layout: agent.layout,
      tag,
      group: { id: session.id, name: session.name },
      ...(splitFrom ? { splitFrom } : {}),
    },
    context.signal,
  );
  if (!(await writeDownOpened(context, agent.id, terminal))) {
    // Whoever ended it meanwhile looked for its terminal when there was none yet.
    await backend.close(terminal);
    if (!(await store.agents.get(agent.id))) await program.removeAgentFiles(agent.id);
    throw endedMeanwhile(agent);
  }
  // Who works with which rights, and who without being asked (mission B10).
  context.logger.info("agent.opened", { agentId: agent.id, terminal: terminal.id, role: role.name, permissionMode });
  return { ...launched, terminal, lifecycle: "open" };
}

async function newestTerminal(context: Context, agent: Agent) {
  const others = (await context.store.agents.list(agent.sessionId)).filter(
    ({ id, terminal, lifecycle, isAdopted }) =>
      // A person's own window is not ours to split.
      id !== agent.id && lifecycle === "open" && !isAdopted && terminal && terminal.id !== "",
  );
  return others.sort((a, b) => (a.launchedAt ?? 0) - (b.launchedAt ?? 0)).at(-1)?.terminal ?? undefined;
}

/**
 * Waits until a started agent can take a prompt, or needs a person first (a start-up dialog).
 * @throws READY_TIMEOUT, CLAUDE_LAUNCH_FAILED (with the last lines of its screen in details), CANCELLED; AGENT_NOT_RUNNING
 * when somebody ends it meanwhile
 */
export function waitUntilReady(context: Context, agent: Agent, timeoutMs: number): Promise<StateReport> {
  return context.startups.during(() => untilReady(context, agent, timeoutMs));
}

async function untilReady(context: Context, agent: Agent, timeoutMs: number): Promise<StateReport> {
  const program = await context.program(agent.terminal?.backend ?? "tmux");
  const deadline = context.clock.monotonic() + timeoutMs;
  // Claude Code uses every processor there is while it starts: what is looked at meanwhile is taken from it. The pid file
  // comes first, and saves asking the terminal program.
  await program.watch([agent], Math.min(timeoutMs, FIRST_LOOK_MS), context.signal);
  const screen = spacedLooks(context, agent);
  for (;;) {
    const report = await observeAgent(context, agent, { screen });
    if (report.state === "idle" || report.state === "waiting" || report.state === "working") {
      context.logger.info("agent.ready", { agentId: agent.id, state: report.state });
      return report;
    }
    if (report.state !== "starting") await failLaunch(context, agent);
    const left = deadline - context.clock.monotonic();
    if (left <= 0) {
      throw new AppError(
        "READY_TIMEOUT",
        `Agent ${agent.name} was not ready after ${Math.round(timeoutMs / 1000)} s: ${report.because}`,
        {
          details: { agentId: agent.id, state: report.state, screen: await screenTail(context, agent) },
        },
      );
    }
    context.progress({ message: `${agent.name} is starting: ${report.because}` });
    await program.watch([agent], Math.min(left, context.startups.shared(LOOK_EVERY_MS)), context.signal);
  }
}

/** Its screen; nothing (undefined) when it was looked at, or the wait began, too short a while ago. */
function spacedLooks(context: Context, agent: Agent): () => Promise<Screen | undefined> {
  let lastAt = context.clock.monotonic();
  return async () => {
    if (context.clock.monotonic() - lastAt < context.startups.shared(SCREEN_EVERY_MS)) return undefined;
    lastAt = context.clock.monotonic();
    return readScreen(context, agent);
  };
}

/** By somebody else: agent delete, agent clear, session delete. */
function endedMeanwhile({ id, name }: Agent): AppError {
  return new AppError("AGENT_NOT_RUNNING", `Agent ${name} was ended while it was being started`, {
    details: { agentId: id },
  });
}

async function failLaunch(context: Context, agent: Agent): Promise<never> {
  const current = await context.store.agents.get(agent.id);
  if (!current || current.lifecycle === "closed") throw endedMeanwhile(agent);
  await terminalHasEnded(context, agent);
  const report = await observeAgent(context, agent);
  context.logger.warn("agent.launch-failed", { agentId: agent.id, exitCode: report.exitCode ?? null });
  throw new AppError(
    "CLAUDE_LAUNCH_FAILED",
    `Agent ${agent.name} did not start: ${report.error?.message ?? report.because}`,
    {
      hint: `Look at it with claude-orch agent screen ${agent.name}, then delete the agent or start it again.`,
      details: { agentId: agent.id, state: report.state, screen: await screenTail(context, agent) },
    },
  );
}

/** How long a terminal may take to notice that its program ended, and to show the last it said. */
const TERMINAL_LAG_MS = 1_000;

/** The process is gone some milliseconds before its terminal has read its last words and knows its exit code. */
async function terminalHasEnded(context: Context, agent: Agent): Promise<void> {
  if (!agent.terminal) return;
  const backend = await context.backend(agent.terminal.backend);
  const deadline = context.clock.monotonic() + TERMINAL_LAG_MS;
  while (context.clock.monotonic() < deadline) {
    const [status] = await backend.status([agent.terminal], context.signal);
    if (!status?.exists || !status.isRunning) return;
    await context.clock.sleep(20, context.signal);
  }
}

/** The last lines of an agent's screen, for error details; empty when it cannot be read. */
export async function screenTail(context: Context, agent: Agent, lines = 12): Promise<string[]> {
  if (!agent.terminal || agent.terminal.id === "") return [];
  const backend = await context.backend(agent.terminal.backend);
  if (!backend.capabilities.screen) return [];
  const screen = await backend.screen(agent.terminal, {}, context.signal).catch(() => undefined);
  return (screen?.lines ?? []).filter((line) => line.trim() !== "").slice(-lines);
}
