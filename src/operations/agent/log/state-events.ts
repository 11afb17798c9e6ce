import type { StateReport } from "../../../core/agent.ts";
import type { AgentEvent } from "../../../core/agent-event.ts";

/** What the agent's state tells now and nothing else has told yet: what it asks, an error, an end. */
export function stateEvents(report: StateReport): AgentEvent[] {
  const { state, since: at, waitingFor, error, exitCode } = report;
  const events: AgentEvent[] = [];
  if (waitingFor) {
    const { requestId, kind, summary, tool } = waitingFor;
    const about = { requestId, ...(tool === undefined ? {} : { tool }) };
    events.push({ at, kind: "request.asked", summary: `${kind}: ${summary}`, ...about });
  }
  if (error) {
    const { kind, message, retryAt } = error;
    const ended = exitCode === undefined ? {} : { exitCode };
    events.push({
      at,
      kind: `error.${kind}`,
      summary: message,
      ...ended,
      ...(retryAt === undefined ? {} : { retryAt }),
    });
  }
  if (state === "exited") {
    const summary = exitCode === undefined ? "Claude Code ended" : `Claude Code ended with exit code ${exitCode}`;
    events.push({ at, kind: "lifecycle.exited", summary, ...(exitCode === undefined ? {} : { exitCode }) });
  }
  if (state === "lost") events.push({ at, kind: "lifecycle.lost", summary: "its terminal cannot be found" });
  return events;
}
