import type { Agent } from "../../core/agent.ts";
import { formatAge } from "../../core/duration.ts";
import type { Screen, TerminalStatus } from "../../core/ports/terminal-backend.ts";
import type { SessionFile } from "../session-file/session-file.ts";
import type { HookEvent } from "../spool/hook-event.ts";
import type { Failure } from "./last-failure.ts";

/** Everything that says something of an agent's state, read at one moment. */
export interface StateEvidence {
  /** Epoch ms of the reading. */
  now: number;
  lifecycle: Agent["lifecycle"];
  launchedAt: number | null;
  /** A person started it: it leaves no hook events, and no exit code where its pane has a shell of the person's. */
  isAdopted?: boolean;
  /** pid that this launch recorded, and whether that very process lives. Undefined before it is recorded. */
  process: { pid: number; isAlive: boolean } | undefined;
  /** What the backend knows; undefined when it was not asked or the agent has no terminal. */
  terminal: TerminalStatus | undefined;
  /** The process's session file; of a dead process when it was left behind. */
  session: SessionFile | undefined;
  /** Newest hook events, in order. */
  events: readonly HookEvent[];
  /** Epoch ms of the last write of the spool, which is the time of its newest event. */
  writtenAt: number | null;
  /** How the newest turn failed by the transcript; only asked where that may tell more than the hooks. */
  failure?: Failure | undefined;
  /** Asked together with it: the newest turn was interrupted. */
  isInterrupted?: boolean;
  /** While the session file says busy: requests whose hooks still wait for an answer, oldest first. */
  heldRequests?: readonly HookEvent[];
  /** Just started, it has not asked for our tools yet, and this version sends a prompt without waiting for them. */
  isWithoutTools?: boolean;
  /** Only asked where nothing else decides. */
  screen?: Screen | undefined;
}

/** Events of this launch: those since its SessionStart, none when the spool was last written before it. */
export function eventsOfLaunch({ events, writtenAt, launchedAt }: StateEvidence): readonly HookEvent[] {
  // File times may lag some ms behind the clock.
  if (writtenAt !== null && launchedAt !== null && writtenAt < launchedAt - 50) return [];
  const start = events.findLastIndex(
    ({ name, source }) => name === "SessionStart" && source !== "clear" && source !== "compact",
  );
  return start < 0 ? events : events.slice(start);
}

/**
 * Events of the agent's own turns: none of its subagents', and no reminders. Hooks that Claude Code does not wait for can
 * be overtaken: a prompt that is written after another event of its turn tells nothing new.
 */
export function mainEvents(events: readonly HookEvent[]): HookEvent[] {
  const begun = new Set<string>();
  return events.filter(({ name, subagentId, promptId }) => {
    if (subagentId !== null || REMINDERS.has(name)) return false;
    if (name === "UserPromptSubmit" && promptId !== null && begun.has(promptId)) return false;
    if (promptId !== null && name !== "SessionStart") begun.add(promptId);
    return true;
  });
}

const REMINDERS = new Set(["Notification", "SubagentStart", "SubagentStop"]);

/** "Stop 4 s ago": the age is known of the newest event only, for events carry no time. */
export function eventPhrase(evidence: StateEvidence, event: HookEvent): string {
  const name = event.tool ? `${event.name} (${event.tool.name})` : event.name;
  const isNewest = evidence.events.at(-1)?.offset === event.offset;
  if (!isNewest || evidence.writtenAt === null) return name;
  return `${name} ${formatAge(evidence.now - evidence.writtenAt)} ago`;
}

export function pidPhrase({ process }: StateEvidence): string[] {
  return process ? [`pid ${process.pid} ${process.isAlive ? "alive" : "gone"}`] : [];
}

/** "session file says idle for 4 s" */
export function sessionPhrase({ session, now }: StateEvidence): string[] {
  if (!session?.status) return [];
  const age = session.statusAt === null ? "" : ` for ${formatAge(now - session.statusAt)}`;
  const detail = session.waitingFor === null ? "" : ` (${session.waitingFor})`;
  return [`${session.toldBy ?? "session file"} says ${session.status}${detail}${age}`];
}
