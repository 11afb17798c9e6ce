import type { FakeState } from "./state.ts";

/** Claude Code's own status file, in the shape of 2.1.329 (claude-code-facts §6.1). */
export function sessionFile(state: FakeState): Record<string, unknown> {
  return {
    pid: state.pid,
    sessionId: state.conversationId,
    cwd: state.launch.cwd,
    startedAt: state.startedAt,
    procStart: state.procStart,
    version: state.launch.claudeVersion,
    peerProtocol: 1,
    kind: "interactive",
    entrypoint: "cli",
    name: state.launch.name,
    nameSource: "user",
    nameSince: state.startedAt,
    updatedAt: state.statusAt,
    status: state.status,
    statusUpdatedAt: state.statusAt,
    ...(state.waitingFor === undefined ? {} : { waitingFor: state.waitingFor }),
  };
}
