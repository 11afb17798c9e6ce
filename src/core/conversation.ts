/** One Claude Code session id with its transcript. */
export interface Conversation {
  /** Claude Code session id (UUID). */
  id: string;
  agentId: string;
  startedAt: number;
  endedAt: number | null;
  /** Absolute path of the JSONL transcript once it is known (it appears with the first prompt). */
  transcriptPath: string | null;
}
