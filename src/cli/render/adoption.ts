import type { AgentView } from "../../core/agent.ts";
import { type Output, printable } from "../output.ts";
import { formatAgent } from "./agents.ts";
import { type Column, formatTable } from "./table.ts";

interface Candidate {
  pid: number;
  status: string | null;
  cwd: string;
  terminal?: { id: string };
  session?: { name: string };
  problem?: string;
}

interface Adoption {
  candidates?: Candidate[];
  agent?: AgentView;
  loss?: string[];
}

export function renderAdoption({ candidates, agent, loss }: Adoption, output: Output): void {
  if (agent) output.data(formatAgent(agent, output));
  for (const sentence of loss ?? []) output.note(printable(sentence));
  if (!candidates) return;
  const columns: Column<Candidate>[] = [
    { title: "pid", value: ({ pid }) => String(pid) },
    { title: "status", value: ({ status }) => status ?? "-" },
    { title: "session", value: ({ session }) => session?.name ?? "-" },
    { title: "terminal", value: ({ terminal }) => terminal?.id ?? "not in tmux: can only be read" },
    { title: "directory", value: ({ cwd }) => cwd, isElastic: true },
    { title: "problem", value: ({ problem }) => problem ?? "", isElastic: true },
  ];
  output.data(
    candidates.length === 0
      ? "No Claude Code runs here that is not an agent."
      : formatTable(candidates, columns, output),
  );
}
