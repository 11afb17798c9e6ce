import type { AgentView } from "../../core/agent.ts";
import type { SessionView } from "../../core/session.ts";
import type { TaskState } from "../../core/task.ts";
import { BY_NEED } from "../../core/task-order.ts";
import type { TodoView } from "../../core/todo/todo-summary.ts";
import { type Output, printable, undeceiving } from "../output.ts";
import { formatAgents } from "./agents.ts";
import { localTime } from "./local-time.ts";
import { formatTable } from "./table.ts";

interface Status {
  sessions: (SessionView & { todo?: TodoView | null })[];
  agents: AgentView[];
  tasks: Record<TaskState, number> & { attention: { task: string; state: TaskState; summary: string }[] };
  attention: { agent: string; state: string; summary: string; retryAt?: string | undefined }[];
}

export function formatStatus(status: Status, output: Output): string {
  const { paint } = output;
  if (status.sessions.length === 0) return "No sessions. Create one with: claude-orch session create";
  const parts: string[] = [];
  if (status.attention.length > 0) {
    parts.push(
      paint.yellow.bold(
        status.attention.length === 1 ? "1 agent needs you" : `${status.attention.length} agents need you`,
      ),
    );
    parts.push(
      ...status.attention.map(({ agent, state, summary, retryAt }) => {
        // In front: what Claude Code says of a limit may be longer than the line.
        const until = retryAt === undefined ? "" : ` until ${localTime(retryAt)}`;
        return undeceiving(`  ${agent} ${state}${until}: ${summary}`);
      }),
      "",
    );
  }
  parts.push(...taskLines(status.tasks, output));
  const lists = status.sessions.flatMap(({ name, todo }) => (todo ? [`${name} ${formatTodo(todo, output)}`] : []));
  if (lists.length > 0) parts.push(...lists, "");
  parts.push(
    status.agents.length === 0
      ? "No agents. Start one with: claude-orch agent spawn"
      : formatAgents(status.agents, output),
    "",
    ...status.sessions.map(({ name, ...session }) => paint.dim(printable(`${name}: ${formatBackend(session)}`))),
  );
  return parts.join("\n");
}

/** Those that need somebody, and how many are in which state; nothing where there are no tasks. */
function taskLines({ attention, ...counts }: Status["tasks"], { paint }: Output): string[] {
  const parts = BY_NEED.flatMap((state) => (counts[state] === 0 ? [] : [`${counts[state]} ${state}`]));
  if (parts.length === 0) return [];
  const asking = attention.map(({ task, state, summary }) => undeceiving(`  ${task} ${state}: ${summary}`));
  const heading = attention.length === 1 ? "1 task needs you" : `${attention.length} tasks need you`;
  return [
    ...(asking.length === 0 ? [] : [paint.yellow.bold(heading), ...asking, ""]),
    `Tasks: ${parts.join(", ")}`,
    "",
  ];
}

/** `TODO.md 3/5, next: Write the tests` */
function formatTodo({ path, done, total, current }: TodoView, { paint }: Output): string {
  const next = current === null ? "" : `, next: ${current}`;
  return `${printable(path)} ${paint.bold(`${done}/${total}`)}${printable(next)}`;
}

/** The backend and why it is this one. */
function formatBackend({ backend, backendReason }: Pick<SessionView, "backend" | "backendReason">): string {
  return backendReason === undefined ? backend : `${backend} (${backendReason})`;
}

export function renderStatus(status: Status, output: Output): void {
  output.data(formatStatus(status, output));
}

export function renderSessions({ sessions }: { sessions: SessionView[] }, output: Output): void {
  if (sessions.length === 0) {
    output.data("No sessions. Create one with: claude-orch session create");
    return;
  }
  const columns = [
    { title: "session", value: (session: SessionView) => session.name },
    { title: "agents", value: (session: SessionView) => `${session.agentCount}/${session.maxAgents}` },
    { title: "backend", value: (session: SessionView) => session.backend },
    { title: "root", value: (session: SessionView) => session.root, isElastic: true },
  ];
  output.data(formatTable(sessions, columns, output));
}

export function renderSession(
  { session, agents }: { session: SessionView & { todo?: TodoView | null }; agents?: AgentView[] },
  output: Output,
): void {
  output.data(
    `${output.paint.bold(session.name)}  ${session.backend}  ${output.paint.dim(session.id)}\n  ${printable(session.root)}`,
  );
  if (session.protocol !== null) output.data(`  protocol ${printable(session.protocol)}`);
  if (session.todo) output.data(`  ${formatTodo(session.todo, output)}`);
  if (session.backendReason !== undefined) output.data(`  ${printable(formatBackend(session))}`);
  if (agents)
    output.data(
      agents.length === 0 ? "No agents. Start one with: claude-orch agent spawn" : formatAgents(agents, output),
    );
}
