import * as z from "zod";
import { type Agent, agentView } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import type { AgentProgram } from "../../core/ports/agent-program.ts";
import type { Session } from "../../core/session.ts";
import type { Context } from "../context.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { toAgentView } from "../views.ts";
import { isGone } from "./delivery/drive.ts";
import { waitUntilReady } from "./lifecycle/open.ts";
import { reopenAgent } from "./lifecycle/reopen.ts";
import { settleCutOff } from "./lifecycle/settle-cut-off.ts";
import { underLease } from "./lifecycle/under-lease.ts";
import { observeAgent } from "./observe.ts";
import { parseEnv } from "./parse-env.ts";

export const agentStart = defineOperation({
  name: "agent.start",
  title: "Start an agent again",
  summary: "Open a new terminal for an agent, with a new or resumed conversation",
  description:
    "Starts Claude Code again for an agent that was cleared, exited or lost: with a new conversation, or with `resume` where its last one stopped, or with a given earlier conversation.",
  effect: "write",
  // As R1 has it: what it starts is an agent that somebody was allowed to make.
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    agent: agentRef,
    resume: z.boolean().default(false).describe("Go on with its last conversation"),
    conversation: z.uuid().optional().describe("Go on with this conversation of the agent"),
    timeout: duration("How long it may take to be ready; default: the setting spawnTimeout"),
    env: z
      .array(z.string())
      .default([])
      .describe("Extra environment: K=V, or K to take it from the caller's environment"),
  }),
  output: z.object({ agent: agentView }),
  errors: [
    "AGENT_NOT_FOUND",
    "AGENT_ALREADY_RUNNING",
    "AGENT_NOT_RUNNING",
    "AGENT_BUSY",
    "CONVERSATION_NOT_FOUND",
    "CONVERSATION_IN_USE",
    "BRANCH_IN_USE",
    "GIT_NOT_INSTALLED",
    "GIT_COMMAND_FAILED",
    "ROLE_NOT_FOUND",
    "ROLE_FILE_INVALID",
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "CLAUDE_NOT_INSTALLED",
    "CLAUDE_TOO_OLD",
    "CLAUDE_LAUNCH_FAILED",
    "READY_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: { args: ["agent"], examples: ["agent start api", "agent start api --resume"] },
  async run(input, context) {
    const { id, sessionId, name } = await resolveAgent(context, input.agent);
    const session = await context.store.sessions.get(sessionId);
    if (!session) throw new AppError("SESSION_NOT_FOUND", `The session of agent ${name} is gone`);
    // Two who start it at once would open two terminals, and know of one: the second looks once the first has opened.
    const opened = await underLease(context, id, () => reopen(context, session, { ...input, agent: id }));
    const report = await waitUntilReady(context, opened, milliseconds(input.timeout, context.settings.spawnTimeout));
    return { agent: toAgentView(opened, session, report) };
  },
});

interface StartRequest {
  agent: string;
  resume: boolean;
  conversation?: string | undefined;
  env: readonly string[];
}

/** @throws AGENT_ALREADY_RUNNING, CONVERSATION_NOT_FOUND, CONVERSATION_IN_USE, and what keeps Claude Code from being started */
async function reopen(context: Context, session: Session, request: StartRequest): Promise<Agent> {
  const agent = await resolveAgent(context, request.agent);
  const before = await observeAgent(context, agent);
  if (!isGone(before)) {
    throw new AppError("AGENT_ALREADY_RUNNING", `Agent ${agent.name} is ${before.because}`, {
      details: { agentId: agent.id, state: before.state },
    });
  }
  const extraEnv = parseEnv(request.env, context.caller.env);
  const program = await context.program(session.backend);
  const conversation = await chooseConversation(context, agent, request, program);
  await settleCutOff(context, agent);
  return reopenAgent(context, session, agent, { conversation, extraEnv });
}

/** @throws CONVERSATION_NOT_FOUND */
async function chooseConversation(
  context: Context,
  agent: Agent,
  request: StartRequest,
  program: AgentProgram,
): Promise<{ id: string; mode: "new" | "resume" }> {
  const wanted = request.conversation ?? (request.resume ? agent.conversationId : null);
  if (request.resume && wanted === null) {
    throw new AppError("CONVERSATION_NOT_FOUND", `Agent ${agent.name} has no conversation to resume`);
  }
  if (wanted === null) return { id: context.ids.uuid(), mode: "new" };
  const known = await context.store.conversations.get(wanted);
  if (known?.agentId !== agent.id) {
    throw new AppError("CONVERSATION_NOT_FOUND", `Agent ${agent.name} has no conversation ${wanted}`, {
      details: { conversation: wanted },
    });
  }
  // Without a first prompt Claude Code has written no transcript, and there is nothing to resume.
  const hasTranscript = (await program.transcriptPath(agent, wanted)) !== undefined;
  return { id: hasTranscript ? wanted : context.ids.uuid(), mode: hasTranscript ? "resume" : "new" };
}
