import type { AgentView } from "../../core/agent.ts";
import type { Output } from "../output.ts";
import { printable, undeceiving } from "../output.ts";
import { asTree, type Branch } from "./agent-tree.ts";
import { localTime } from "./local-time.ts";
import { type Column, formatTable } from "./table.ts";

export function paintState(state: AgentView["state"], text: string, { paint }: Output): string {
  switch (state) {
    case "idle":
      return paint.green(text);
    case "working":
    case "starting":
      return paint.cyan(text);
    case "waiting":
      return paint.yellow(text);
    case "errored":
    case "lost":
      return paint.red(text);
    case "exited":
      return paint.dim(text);
  }
}

/** `because` without the state, where that stands beside it. */
export function evidenceOf({ state, because }: Pick<AgentView, "state" | "because">): string {
  const start = `${state} because `;
  return because.startsWith(start) ? because.slice(start.length) : because;
}

export function formatAgents(agents: readonly AgentView[], output: Output): string {
  const columns: Column<Branch>[] = [
    { title: "agent", value: nameInTree },
    {
      title: "state",
      value: ({ agent }) => agent.state,
      paint: (text, { agent }) => paintState(agent.state, text, output),
    },
    { title: "role", value: ({ agent }) => agent.role },
    { title: "because", value: ({ agent }) => evidenceOf(agent), isElastic: true },
  ];
  return formatTable(asTree(agents), columns, output);
}

/** The further down, the longer the line before its name: blanks in a row would become one. */
function nameInTree({ agent, depth }: Branch): string {
  return depth === 0 ? `${agent.session.name}/${agent.name}` : `${"└─".padEnd(2 * depth, "─")} ${agent.name}`;
}

export function renderAgents({ agents }: { agents: AgentView[] }, output: Output): void {
  output.data(
    agents.length === 0 ? "No agents. Start one with: claude-orch agent spawn" : formatAgents(agents, output),
  );
}

/** One agent in a few lines. What agents and people say is made printable before our own colours are put around it. */
export function formatAgent(agent: AgentView, output: Output): string {
  const { paint } = output;
  const lines = [
    `${paint.bold(printable(`${agent.session.name}/${agent.name}`))}  ${paintState(agent.state, agent.state, output)}  ${paint.dim(agent.id)}`,
    printable(`  ${agent.because}`),
    printable(
      `  ${agent.role}, ${agent.model ?? "Claude Code's default model"}, permission mode ${agent.permissionMode}${agent.protocol === null ? "" : `, protocol ${agent.protocol}`} · ${agent.backend} ${agent.terminal ?? "no terminal"}${agent.pid === null ? "" : ` · pid ${agent.pid}`}`,
    ),
    printable(`  ${agent.cwd}${agent.worktree ? ` · worktree on branch ${agent.worktree.branch}` : ""}`),
  ];
  if (agent.waitingFor) lines.push(undeceiving(`  asks: ${agent.waitingFor.summary}`));
  if (agent.error) lines.push(printable(`  ${agent.error.kind}: ${agent.error.message}${untilWhen(agent.error)}`));
  return lines.join("\n");
}

/** When an agent that a limit holds goes on, in local time. */
function untilWhen({ retryAt }: NonNullable<AgentView["error"]>): string {
  return retryAt === undefined ? "" : ` (until ${localTime(retryAt)})`;
}

export function renderAgent({ agent }: { agent: AgentView }, output: Output): void {
  output.data(formatAgent(agent, output));
}
