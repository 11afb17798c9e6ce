import * as z from "zod";
import { type Agent, agentView } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { RunningProgram } from "../../core/ports/agent-program.ts";
import { DEFAULT_ROLE } from "../../core/role.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { adoptionLoss } from "./adoption-loss.ts";
import { agentViewOf } from "./agent-views.ts";
import { adoptTerminal } from "./lifecycle/adopt-terminal.ts";
import { type Candidate, candidateView, findCandidates } from "./lifecycle/adoption-candidates.ts";
import { chooseCandidate } from "./lifecycle/choose-candidate.ts";
import { reserveAgents } from "./lifecycle/reserve.ts";

const AGENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const agentAdopt = defineOperation({
  name: "agent.adopt",
  title: "Adopt a Claude Code",
  summary: "List Claude Codes that a person started, or take one into a session",
  description:
    "Without an argument, lists the interactive Claude Codes that run on this machine and are no agents. With a pid or conversation id, takes that one into a session: it stays where it is and goes on. It has none of our hooks and settings; `loss` says what that costs. One that does not run in tmux can only be read. Deleting the agent lets go of it; its Claude Code stays, unless forced.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    process: z
      .string()
      .min(1)
      .optional()
      .describe("pid or conversation id of the Claude Code; without it, they are listed"),
    session: z
      .string()
      .min(1)
      .optional()
      .describe("Session to take it into; default: the one that holds its directory"),
    name: z.string().optional().describe("Name; default: its own if that can be one, else Agent_<n>"),
  }),
  output: z.object({
    candidates: z.array(candidateView).optional().describe("What runs and could be adopted, oldest first"),
    agent: agentView.optional(),
    loss: z.array(z.string()).optional().describe("What it lacks, because a person started it"),
  }),
  errors: [
    "PROCESS_NOT_FOUND",
    "AGENT_ALREADY_MANAGED",
    "SESSION_NOT_FOUND",
    "SESSION_AMBIGUOUS",
    "AGENT_LIMIT_REACHED",
    "AGENT_NAME_TAKEN",
    "INVALID_NAME",
  ],
  cli: {
    args: ["process"],
    examples: ["agent adopt", "agent adopt 48213", "agent adopt 48213 --session shop --name helper"],
  },
  async run(input, context) {
    const candidates = await findCandidates(context, input.session);
    if (input.process === undefined) {
      return { candidates: candidates.flatMap(({ view, isManaged }) => (isManaged ? [] : [view])) };
    }
    const { running, session } = await chooseCandidate(context, candidates, input.process, input.session);
    const agent = await adopt(context, session, running, input.name);
    return { agent: await agentViewOf(context, agent), loss: adoptionLoss({ hasTerminal: agent.terminal !== null }) };
  },
});

async function adopt(
  context: Context,
  session: Session,
  running: Candidate["running"],
  name: string | undefined,
): Promise<Agent> {
  const own = running.name !== null && AGENT_NAME.test(running.name) ? running.name : undefined;
  const isFree = own !== undefined && !(await context.store.agents.findByName(session.id, own));
  const program = await context.program(session.backend);
  const { path } = await program.probe(context.caller.env, context.settings.claudeBin ?? undefined, context.signal);
  const [reserved] = await reserveAgents(context, session, {
    stem: name ?? (isFree ? own : undefined),
    count: 1,
    isMany: false,
    template: {
      role: DEFAULT_ROLE,
      model: null,
      permissionMode: "default",
      layout: context.settings.layout,
      cwd: running.cwd,
      systemPrompt: null,
      protocol: null,
      claudeArgs: [],
      envNames: [],
      parentId: null,
      configDir: running.configDir,
      claudeBin: path ?? "claude",
      claudeVersion: running.version,
      isAdopted: true,
    },
  });
  if (!reserved) throw new Error("one agent was reserved");
  try {
    return await takeOver(context, session, reserved, running);
  } catch (error) {
    await context.store.agents.remove(reserved.id);
    throw error;
  }
}

/** @throws AGENT_ALREADY_MANAGED when somebody else adopted it in the same moment */
async function takeOver(context: Context, session: Session, reserved: Agent, running: RunningProgram): Promise<Agent> {
  const launchedAt = running.launchedAt ?? context.clock.now();
  const change = { lifecycle: "open", conversationId: running.conversationId, launchedAt } as const;
  await context.store.transaction(async ({ agents, conversations }) => {
    const twin = (await agents.list()).find(
      (one) => one.lifecycle === "open" && one.conversationId === running.conversationId,
    );
    if (twin) throw alreadyManaged(running, twin);
    await conversations.upsert({
      id: running.conversationId,
      agentId: reserved.id,
      startedAt: launchedAt,
      endedAt: null,
      transcriptPath: null,
    });
    await agents.update(reserved.id, change);
  });
  const terminal = await adoptTerminal(context, session, running.pid, context.ids.next("nce"));
  if (terminal) await context.store.agents.update(reserved.id, { terminal });
  context.logger.info("agent.adopted", { agentId: reserved.id, pid: running.pid, terminal: terminal?.id ?? null });
  return { ...reserved, ...change, terminal: terminal ?? null };
}

function alreadyManaged(running: RunningProgram, agent: Agent): AppError {
  return new AppError("AGENT_ALREADY_MANAGED", `Process ${running.pid} is agent ${agent.name} already`, {
    details: { pid: running.pid, agentId: agent.id, agent: agent.name },
  });
}
