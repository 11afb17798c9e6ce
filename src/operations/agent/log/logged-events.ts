import type { AgentEvent } from "../../../core/agent-event.ts";
import type { LogLine } from "../../../core/ports/logger.ts";

/** What only the log tells of an agent: its launches and ends, and what was mended. Other lines are nothing. */
export function loggedEvents({ at, event, fields }: LogLine): AgentEvent[] {
  const word = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  const number = (name: string) => (typeof fields[name] === "number" ? fields[name] : undefined);
  const [role, outcome, messageId, by] = [word("role"), word("outcome"), word("messageId"), word("by")];
  const exitCode = number("exitCode");
  switch (event) {
    case "agent.opened": {
      const summary = `launched${role === undefined ? "" : ` as ${role}`}, permission mode ${word("permissionMode")}`;
      return [{ at, kind: "lifecycle.launched", summary, ...(role === undefined ? {} : { role }) }];
    }
    case "agent.ready":
      return [{ at, kind: "lifecycle.ready", summary: `ready: ${word("state")}` }];
    case "agent.ended": {
      const summary = exitCode === undefined ? "its terminal was closed" : `it had ended with exit code ${exitCode}`;
      return [{ at, kind: "lifecycle.ended", summary, ...(exitCode === undefined ? {} : { exitCode }) }];
    }
    case "agent.cleared":
      return [{ at, kind: "lifecycle.cleared", summary: `cleared by ${by}`, ...(by === undefined ? {} : { by }) }];
    case "agent.restored":
      return [{ at, kind: "lifecycle.restored", summary: `restored: ${outcome}`, outcome }];
    case "agent.adopted":
      return [{ at, kind: "lifecycle.adopted", summary: `taken over from a person, process ${number("pid")}` }];
    case "agent.role-assigned":
      return [{ at, kind: "lifecycle.role-changed", summary: `has the role ${role} now`, ...(role ? { role } : {}) }];
    case "agent.tidied":
      return [{ at, kind: "lifecycle.tidied", summary: "terminal and temporary files removed: it had ended long ago" }];
    case "agent.launch-failed":
      return [{ at, kind: "error.launch", summary: "Claude Code did not start", exitCode: exitCode ?? null }];
    case "agent.not-restored":
      return [{ at, kind: "error.restore", summary: `could not be restored: ${word("code")}` }];
    case "limit.resumed":
      return [
        { at, kind: "error.recovered", summary: "goes on: the limit is over", ...(messageId ? { messageId } : {}) },
      ];
    case "delivery.recovered": {
      const summary = `a delivery that was cut off is ${outcome}`;
      return [{ at, kind: "error.recovered", summary, outcome, ...(messageId ? { messageId } : {}) }];
    }
    default:
      return [];
  }
}
