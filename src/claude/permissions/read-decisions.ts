import type { Agent } from "../../core/agent.ts";
import type { ToolDecision } from "../../core/decision.ts";
import type { AgentFiles } from "../launch/agent-files.ts";
import type { OpenBytes } from "../transcript/byte-source.ts";
import { appliedRules } from "./applied-rules.ts";
import { explainUse } from "./explain-use.ts";
import { gatherUses } from "./gather-uses.ts";

/** What was decided about an agent's uses of tools, oldest first; see the port. */
export async function readDecisions(
  openBytes: OpenBytes,
  files: Pick<AgentFiles, "spool" | "settings">,
  agent: Agent,
  { since, home }: { since?: number; home: string | null },
): Promise<ToolDecision[]> {
  const [rules, uses] = await Promise.all([appliedRules(files.settings), gatherUses(openBytes, files.spool)]);
  const isWanted = (at: number | null) => since === undefined || (at !== null && at >= since);
  return uses
    .filter(({ at }) => isWanted(at))
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .flatMap((use) => explainUse(use, { rules, cwd: agent.cwd, home }) ?? []);
}
