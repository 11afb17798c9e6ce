/**
 * What an adopted agent lacks, because a person started it: one sentence each, for whoever decides whether that matters.
 */
export function adoptionLoss({ hasTerminal }: { hasTerminal: boolean }): string[] {
  const lost = [
    "No hooks: what it asks is known from its session file and its screen only",
    "No settings of ours: the session's policy and the agent's role and permission mode do not apply to it",
    "No MCP entry: it cannot talk to other agents",
  ];
  if (!hasTerminal) {
    return [...lost, "It cannot be prompted, answered or interrupted: its terminal is not in tmux"];
  }
  return [
    ...lost,
    "Deliveries are proved by its transcript alone",
    "It takes only short plain texts: others go through an editor of ours",
  ];
}
