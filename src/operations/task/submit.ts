import * as z from "zod";
import { AppError, EXIT_CODES } from "../../core/errors.ts";
import { senderName } from "../../core/principal.ts";
import type { Session } from "../../core/session.ts";
import {
  ON_FAILURE,
  TASK_CONVERSATIONS,
  type Task,
  type TaskConversation,
  taskView,
  untried,
} from "../../core/task.ts";
import { parseCheck } from "../../core/task-check.ts";
import { parsePriority } from "../../core/task-priority.ts";
import { goesOnWhen } from "../cancelled-wait.ts";
import type { Context } from "../context.ts";
import { duration, milliseconds, sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { protocolOfSession } from "../protocol/resolve-protocol.ts";
import { resolveAgent, resolveSession } from "../resolve.ts";
import { resolveRole } from "../role/resolve-role.ts";
import { awaitTasks } from "./await-tasks.ts";
import { ABOUT_PRIORITY, needs, priority, title } from "./fields.ts";
import { resolveTasks } from "./resolve-task.ts";
import { markTasksSeen } from "./seen.ts";
import { standing } from "./standing.ts";
import { taskViewNow } from "./views.ts";
import { assertMaySubmit, assertTaskRate } from "./worker-limits.ts";

export const taskSubmit = defineOperation({
  name: "task.submit",
  title: "Submit a task",
  summary: "Put work into the queue; an agent of its role does it when it is its turn",
  description:
    "Puts a task into a session's queue and returns at once with its id; with `wait`, when it has ended. It starts when the tasks that it needs are done and an agent is free or may be spawned: an idle one of its role is taken, else one is spawned. It is done only with evidence: its agent's report and, if given, the check, a command that must exit with 0 in the task's folder; what a failing check says goes back to the agent a few times. The check is split into words by blanks and quotes and no shell runs it: write sh -c '…' where a shell is meant. Something must run for the queue to move: `claude-orch worker`, an MCP server of ours, or a command that waits.",
  effect: "write",
  risk: "medium",
  isIdempotent: false,
  exposure: { mcp: true, worker: true },
  input: z.object({
    text: z.string().describe("What is to be done: a prompt that stands on its own"),
    title: title.optional().describe("What to call it; default: the first line of its text"),
    role: z.string().min(1).optional().describe("Role or alias of the agent that is to do it; default: general"),
    priority: priority.default("normal").describe(ABOUT_PRIORITY),
    needs: needs.default([]).describe("A task that must be done before; repeat it for several"),
    agent: z.string().min(1).optional().describe("Only this agent: id, name, or session/name"),
    timeout: duration("How long one try may take; default: the setting taskTimeout"),
    retries: z.number().int().min(0).max(10).default(0).describe("How often it is tried again after a failure"),
    check: z
      .string()
      .optional()
      .describe(
        "Command that must exit with 0 before the task is done, such as 'npm test'; no shell runs it, and it gets the agent's report on standard input",
      ),
    worktree: z.boolean().default(false).describe("Do it in a git worktree of its own"),
    conversation: z
      .enum(TASK_CONVERSATIONS)
      .optional()
      .describe(
        "new: its agent begins a new conversation; kept: an idle agent of its role goes on in its own, and knows what it did before; default: kept with --agent, else new",
      ),
    onFailure: z
      .enum(ON_FAILURE)
      .optional()
      .describe(
        "fix: when it has failed, submit one task for a debugger: cause, fix, prevention; default: what the session's protocol says, else none",
      ),
    session: sessionRef,
    wait: z.boolean().default(false).describe("Return when it has ended; exit 7 when it failed, 6 when it goes on"),
    waitTimeout: duration("With wait: how long; default: the setting waitTimeout"),
  }),
  output: z.object({
    task: taskView,
    timedOut: z.boolean().optional().describe("With wait: the time was over before the task was; it goes on"),
  }),
  errors: [
    "SESSION_NOT_FOUND",
    "SESSION_AMBIGUOUS",
    "AGENT_NOT_FOUND",
    "AGENT_AMBIGUOUS",
    "ROLE_NOT_FOUND",
    "ROLE_FILE_INVALID",
    "TASK_NOT_FOUND",
    "TASK_AMBIGUOUS",
    "TASK_CHECK_INVALID",
    "TEXT_EMPTY",
    "TEXT_NOT_DELIVERABLE",
    "INVALID_INPUT",
    "MESSAGE_RATE_EXCEEDED",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["text"],
    stdin: "text",
    examples: [
      "task submit 'Write tests for src/cart.ts' --role tester --check 'npm test'",
      "task submit 'Review what TASK_7 did' --role reviewer --needs 7 --priority high",
      "task submit - --title 'Port to ESM' --worktree --check \"sh -c 'npm ci && npm test'\" < brief.md",
      "task submit 'Fix the build' --check 'make' --retries 2 --on-failure fix --wait",
    ],
    exitCode: (output, { wait }) => (wait === true ? exitCodeOf(output) : 0),
  },
  async run(input, context) {
    const session = await resolveSession(context, input.session);
    if (input.text.trim() === "") throw new AppError("TEXT_EMPTY", "There is no text that says what is to be done");
    // What no agent could be given would otherwise fail only when it is its turn.
    await (await context.program(session.backend)).checkInput(input.text, { isExact: false });
    assertMaySubmit(context.caller.principal, input);
    assertOnePlace(input);
    const check = input.check === undefined ? null : parseCheck(input.check);
    const agentId = await agentOf(context, session, input);
    const role = input.role === undefined ? null : (await resolveRole(context, session, input.role)).name;
    const needed = await resolveTasks(context, input.needs, session.id);
    assertOneSession(session, needed);

    const now = context.clock.now();
    const task: Omit<Task, "number"> = {
      id: context.ids.next("tsk"),
      sessionId: session.id,
      title: input.title ?? titleOf(input.text),
      text: input.text,
      role,
      priority: parsePriority(String(input.priority)) ?? 5,
      needs: needed.map(({ id }) => id),
      agentId,
      ...standing(needed, now),
      timeoutMs: milliseconds(input.timeout, context.settings.taskTimeout),
      retries: input.retries,
      check,
      worktree: input.worktree,
      conversation: input.conversation ?? null,
      onFailure: input.onFailure ?? (await protocolOfSession(context, session))?.onFailure ?? "none",
      causedBy: null,
      workflowRunId: null,
      stepId: null,
      createdBy: senderName(context.caller.principal),
      ...untried(),
      createdAt: now,
    };
    const [stored] = await context.store.transaction(async ({ tasks }) => {
      await assertTaskRate(context, tasks);
      return tasks.insert([task]);
    });
    if (!stored) throw new AppError("INTERNAL", "The task was not stored");
    context.logger.info("task.submitted", { taskId: stored.id, sessionId: session.id, by: task.createdBy });
    if (!input.wait) return { task: await taskViewNow(context, stored) };
    const timeoutMs = milliseconds(input.waitTimeout, context.settings.waitTimeout);
    const name = `${session.name}/${stored.number}`;
    const { tasks, timedOut } = await awaitTasks(context, [stored], { mode: "all", timeoutMs }).catch((error) => {
      throw goesOnWhen(error, `task ${name} stays in the queue`, {
        hint: `Wait for it with claude-orch task wait ${name}, or end it with claude-orch task cancel ${name}.`,
        details: { taskId: stored.id },
      });
    });
    await markTasksSeen(context, tasks);
    return { task: await taskViewNow(context, stored), timedOut };
  },
});

/** What is blocked for good counts as failed: no waiting brings it on. */
function exitCodeOf({ task, timedOut }: Record<string, unknown>): number {
  if (timedOut === true) return EXIT_CODES.timeout;
  return taskView.parse(task).state === "done" ? 0 : EXIT_CODES.failed;
}

const MAX_TITLE = 80;

function titleOf(text: string): string {
  const [line = ""] = text.trim().split(/\r\n|[\n\r\u2028\u2029]/);
  return line.length <= MAX_TITLE ? line.trim() : `${line.slice(0, MAX_TITLE - 1).trim()}…`;
}

/** @throws INVALID_INPUT for an agent of another session, or of another role than the one asked for */
async function agentOf(
  context: Context,
  session: Session,
  { agent: ref, role, conversation }: Pick<Place, "agent" | "conversation"> & { role?: string | undefined },
): Promise<string | null> {
  if (ref === undefined) return null;
  const agent = await resolveAgent(context, ref, ref.includes("/") ? undefined : session.id);
  if (agent.sessionId !== session.id) {
    throw new AppError("INVALID_INPUT", `Agent ${agent.name} is not in session ${session.name}`, {
      hint: "A task is done by an agent of its own session.",
      details: { agentId: agent.id, sessionId: session.id },
    });
  }
  if (role !== undefined && (await resolveRole(context, session, role)).name !== agent.role) {
    throw new AppError("INVALID_INPUT", `Agent ${agent.name} has the role ${agent.role}, not ${role}`, {
      hint: "Leave out the agent or the role, or change the agent's with claude-orch agent assign-role.",
      details: { agentId: agent.id, role: agent.role },
    });
  }
  if (agent.isAdopted && conversation === "new") {
    throw new AppError("INVALID_INPUT", `Agent ${agent.name} was adopted: its conversation is a person's own`, {
      hint: "Leave out --conversation new, or give the task to another agent.",
      details: { agentId: agent.id },
    });
  }
  return agent.id;
}

interface Place {
  agent?: string | undefined;
  worktree: boolean;
  conversation?: TaskConversation | undefined;
}

/** @throws INVALID_INPUT: an agent that was named stays in its folder, and a conversation that is kept in the agent's */
function assertOnePlace({ agent, worktree, conversation }: Place): void {
  if (!worktree || (agent === undefined && conversation !== "kept")) return;
  const other = agent === undefined ? "--conversation kept" : "--agent";
  throw new AppError("INVALID_INPUT", `task submit: --worktree and ${other} do not go together`, {
    hint: `Leave ${other} out, or let that agent work where it is.`,
  });
}

/** @throws INVALID_INPUT */
export function assertOneSession(session: Session, needed: readonly Task[]): void {
  const foreign = needed.find(({ sessionId }) => sessionId !== session.id);
  if (!foreign) return;
  throw new AppError("INVALID_INPUT", `Task ${foreign.id} is not in session ${session.name}`, {
    hint: "A task can only need tasks of its own session.",
    details: { task: foreign.id, sessionId: session.id },
  });
}
