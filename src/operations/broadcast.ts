import * as z from "zod";
import { AppError, EXIT_CODES } from "../core/errors.ts";
import { messageView } from "../core/message.ts";
import { sendAndProve } from "./agent/send.ts";
import { goesOnWhen } from "./cancelled-wait.ts";
import { duration, milliseconds, sessionRef } from "./fields.ts";
import { defineOperation } from "./operation.ts";
import { resolveSession } from "./resolve.ts";
import { roleNameOf } from "./role/resolve-role.ts";
import { toMessageView } from "./views.ts";

export const broadcast = defineOperation({
  name: "broadcast",
  title: "Send to many agents",
  summary: "Send one prompt to all agents of a session",
  description:
    "Delivers the same prompt to every agent of a session (or every one with a role) at the same time and proves each delivery. Agents that could not be reached are listed in `failed` with the reason.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: true },
  input: z.object({
    text: z.string().describe("The prompt"),
    session: sessionRef,
    role: z.string().min(1).optional().describe("Only agents with this role, by name or alias"),
    timeout: duration("How long each delivery may take; default: the setting waitTimeout"),
  }),
  output: z.object({
    messages: z.array(messageView),
    failed: z.array(
      z.object({ agent: z.object({ id: z.string(), name: z.string() }), code: z.string(), message: z.string() }),
    ),
  }),
  errors: [
    "SESSION_NOT_FOUND",
    "AGENT_NOT_FOUND",
    "TEXT_EMPTY",
    "TEXT_NOT_DELIVERABLE",
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "DELIVERY_UNKNOWN",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["text"],
    stdin: "text",
    examples: ["broadcast 'Commit what you have and report'", "broadcast --role reviewer - < brief.md"],
    exitCode: (output) => (Array.isArray(output.failed) && output.failed.length > 0 ? EXIT_CODES.unproved : 0),
  },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    const { principal } = context.caller;
    const wanted = input.role === undefined ? undefined : await roleNameOf(context, session, input.role);
    const agents = (await context.store.agents.list(session.id)).filter(
      ({ id, role }) =>
        (wanted === undefined || role === wanted) && !(principal.kind === "worker" && principal.agentId === id),
    );
    if (agents.length === 0) {
      const which = input.role === undefined ? "no agents" : `no agent with the role ${input.role}`;
      throw new AppError("AGENT_NOT_FOUND", `Session ${session.name} has ${which}`);
    }
    const timeoutMs = milliseconds(input.timeout, context.settings.waitTimeout);
    const options = { text: input.text, isExact: false, when: "idle" as const, idempotencyKey: undefined };
    const outcomes = await Promise.allSettled(
      agents.map((agent) => sendAndProve(context, agent, options, { timeoutMs, isWaiting: false })),
    );

    const messages: z.output<typeof messageView>[] = [];
    const failed: { agent: { id: string; name: string }; code: string; message: string }[] = [];
    let firstError: AppError | undefined;
    let cancelled: unknown;
    const reached: string[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const agent = agents[index];
      if (!agent) continue;
      if (outcome.status === "fulfilled") {
        messages.push(toMessageView(outcome.value, agent));
        reached.push(agent.name);
      } else if (outcome.reason instanceof AppError && outcome.reason.kind !== "cancelled") {
        firstError ??= outcome.reason;
        failed.push({
          agent: { id: agent.id, name: agent.name },
          code: outcome.reason.code,
          message: outcome.reason.message,
        });
      } else {
        cancelled ??= outcome.reason;
        if (outcome.reason instanceof AppError && "messageId" in outcome.reason.details) reached.push(agent.name);
      }
    }
    if (cancelled !== undefined && reached.length > 0) {
      throw goesOnWhen(cancelled, `it was given to ${reached.join(", ")} before`, {
        hint: "Send it to the others only, with claude-orch agent send.",
        details: { reached },
      });
    }
    if (cancelled !== undefined) throw cancelled;
    if (messages.length === 0 && firstError) throw firstError;
    return { messages, failed };
  },
});
