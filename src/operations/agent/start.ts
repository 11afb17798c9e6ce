import * as z from "zod";
import { agentView } from "../../core/agent.ts";
import { AppError } from "../../core/errors.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { toAgentView } from "../views.ts";
import { isGone } from "./delivery/drive.ts";
import { endAgent } from "./lifecycle/end.ts";
import { installedProgram } from "./lifecycle/installed-program.ts";
import { openAgent, waitUntilReady } from "./lifecycle/open.ts";
import { observeAgent } from "./observe.ts";
import { parseEnv } from "./parse-env.ts";

export const agentStart = defineOperation({
  name: "agent.start",
  title: "Start an agent again",
  summary: "Open a new terminal for an agent, with a new or resumed conversation",
  description:
    "Starts Claude Code again for an agent that was cleared, exited or lost: with a new conversation, or with `resume` where its last one stopped, or with a given earlier conversation.",
  effect: "write",
  risk: "high",
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
    "CONVERSATION_NOT_FOUND",
    "CLAUDE_NOT_INSTALLED",
    "CLAUDE_TOO_OLD",
    "CLAUDE_LAUNCH_FAILED",
    "READY_TIMEOUT",
    "PERMISSION_DENIED",
  ],
  cli: { args: ["agent"], examples: ["agent start api", "agent start api --resume"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    const session = await context.store.sessions.get(agent.sessionId);
    if (!session) throw new AppError("SESSION_NOT_FOUND", `The session of agent ${agent.name} is gone`);
    const before = await observeAgent(context, agent);
    if (!isGone(before)) {
      throw new AppError("AGENT_ALREADY_RUNNING", `Agent ${agent.name} is ${before.state}: ${before.because}`, {
        details: { agentId: agent.id, state: before.state },
      });
    }
    const program = await context.program(session.backend);
    const installed = await installedProgram(context, session.backend);
    const conversation = await chooseConversation();
    // A terminal that outlived its Claude Code (it shows how it ended) makes room for the new one.
    if (agent.terminal) await endAgent(context, agent);
    const extraEnv = parseEnv(input.env, context.caller.env);
    const renewed = {
      ...agent,
      claudeBin: installed.path,
      claudeVersion: installed.version,
      configDir: program.configDir({ ...context.caller.env, ...extraEnv }),
    };
    await context.store.agents.update(agent.id, {
      claudeBin: renewed.claudeBin,
      claudeVersion: renewed.claudeVersion,
      configDir: renewed.configDir,
    });
    const opened = await openAgent(context, session, renewed, { conversation, extraEnv });
    const report = await waitUntilReady(context, opened, milliseconds(input.timeout, context.settings.spawnTimeout));
    return { agent: toAgentView(opened, session, report) };

    async function chooseConversation(): Promise<{ id: string; mode: "new" | "resume" }> {
      const wanted = input.conversation ?? (input.resume ? agent.conversationId : null);
      if (input.resume && wanted === null) {
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
  },
});
