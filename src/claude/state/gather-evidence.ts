import { access } from "node:fs/promises";
import type { Agent } from "../../core/agent.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import type { TerminalStatus } from "../../core/ports/terminal-backend.ts";
import { compareVersions } from "../launch/probe-claude.ts";
import { isRecordedAlive, readAgentPid } from "../session-file/agent-pid.ts";
import { isSessionAlive, listSessionFiles, readSessionFile, type SessionFile } from "../session-file/session-file.ts";
import type { HookEvent } from "../spool/hook-event.ts";
import { readSpoolTail, type SpoolPage } from "../spool/spool.ts";
import type { OpenBytes } from "../transcript/byte-source.ts";
import { eventsOfLaunch, type StateEvidence } from "./evidence.ts";
import { pendingRequests } from "./pending-request.ts";

export interface EvidencePlaces {
  /** The agent's folder. */
  folder: string;
  spool: string;
  /** Is there once Claude Code has our tools. */
  connected: string;
}

/** Reads what `assessState` needs, a few kilobytes: pid, session file, the spool's tail. */
export async function gatherEvidence(
  agent: Agent,
  terminal: TerminalStatus | undefined,
  deps: {
    places: EvidencePlaces;
    runner: Processes;
    now: number;
    openBytes: OpenBytes;
  },
): Promise<StateEvidence> {
  // In this order: Claude Code runs its hooks before it writes what they announce into the session file.
  const life = await processLife(agent, terminal, deps);
  const spool = await eventsSince(life.startedAt, deps);
  const evidence: StateEvidence = {
    now: deps.now,
    lifecycle: agent.lifecycle,
    isAdopted: agent.isAdopted,
    launchedAt: agent.launchedAt,
    terminal,
    process: life.process,
    session: life.session,
    events: spool.events,
    writtenAt: spool.writtenAt,
    ...((await isWithoutTools(agent, deps)) ? { isWithoutTools: true } : {}),
  };
  const heldRequests = requestsHeld(evidence, deps.runner);
  return heldRequests.length === 0 ? evidence : { ...evidence, heldRequests };
}

/** So long after its launch a prompt waits for our MCP server, which may be one that the person's rules keep out. */
const TOOLS_MS = 10_000;

/**
 * Older versions send a prompt whether or not their MCP servers are connected; the turn then has none of their tools
 * (seen in 2.1.197). Newer ones wait by themselves (seen in 2.1.330).
 */
async function isWithoutTools(
  { isAdopted, launchedAt, claudeVersion }: Agent,
  { now, places }: { now: number; places: EvidencePlaces },
): Promise<boolean> {
  const doesNotWait = compareVersions(claudeVersion, "2.1.329") < 0;
  if (!doesNotWait || isAdopted || launchedAt === null || now - launchedAt >= TOOLS_MS) return false;
  return access(places.connected).then(
    () => false,
    () => true,
  );
}

/**
 * The spool's end, where anything was written since this launch's process began. Until then it tells of the one before:
 * where that was ended for this one to start, its SessionEnd is only some milliseconds old.
 */
async function eventsSince(
  startedAt: number | undefined,
  { openBytes, places }: { openBytes: OpenBytes; places: EvidencePlaces },
): Promise<Pick<SpoolPage, "events" | "writtenAt">> {
  const spool = await readSpoolTail(openBytes, places.spool, tellsTurn);
  const isEarlier = startedAt !== undefined && (spool.writtenAt ?? 0) < startedAt;
  return isEarlier ? { events: [], writtenAt: null } : spool;
}

function requestsHeld(evidence: StateEvidence, runner: Processes): HookEvent[] {
  if (evidence.session?.status !== "busy") return [];
  return pendingRequests(eventsOfLaunch(evidence)).filter(({ waiter }) => {
    return waiter !== undefined && runner.isAlive({ pid: Number(waiter.split("-")[0]), startedAt: "" });
  });
}

/** Enough of the spool when it shows where the current turn stands. */
function tellsTurn(events: readonly HookEvent[]): boolean {
  return events.some(
    ({ name, subagentId }) =>
      subagentId === null &&
      (name === "Stop" || name === "StopFailure" || name === "UserPromptSubmit" || name === "SessionStart"),
  );
}

type Processes = Pick<ProcessRunner, "isAlive" | "identify">;

interface ProcessLife extends Pick<StateEvidence, "process" | "session"> {
  /** Epoch ms before which nothing can be this launch's own, by the clock of files; undefined where nobody can tell. */
  startedAt?: number;
}

/** pid and session file of this launch; those of an earlier one do not count. */
export async function processLife(
  agent: Agent,
  terminal: TerminalStatus | undefined,
  deps: { places: EvidencePlaces; runner: Processes },
): Promise<ProcessLife> {
  if (agent.isAdopted) return adoptedLife(agent, terminal, deps.runner);
  const recorded = await readAgentPid(deps.places.folder);
  if (!recorded) return NOT_STARTED;
  if (recorded.recordedAt < (agent.launchedAt ?? 0) - CLOCK_SLACK_MS) return NOT_STARTED;
  const { pid } = recorded;
  const session = await readSessionFile(agent.configDir, pid);
  // A file that is older than the recorded pid was left behind by an earlier process with the same number.
  const isOurs = session !== undefined && (session.startedAt ?? recorded.recordedAt) >= recorded.recordedAt - 1000;
  const isAlive = isOurs
    ? isSessionAlive(session, deps.runner)
    : isRecordedAlive(recorded, deps.places.folder, deps.runner);
  // The backend knows the process by its terminal, and a pid without a start time may be somebody else's by now.
  return {
    process: { pid, isAlive: isAlive && !isStopped(terminal) },
    session: isOurs ? session : undefined,
    startedAt: recorded.recordedAt,
  };
}

/**
 * A Claude Code that a person started has no recorded pid. Its session file is known by the start of its process, which
 * is the agent's launch: the conversation may change (`/clear`), and an old one may be opened again elsewhere.
 */
async function adoptedLife(
  agent: Agent,
  terminal: TerminalStatus | undefined,
  runner: Processes,
): Promise<ProcessLife> {
  const ofTerminal = terminal?.pid === undefined ? undefined : await readSessionFile(agent.configDir, terminal.pid);
  const isOurs = ({ startedAt, sessionId }: SessionFile) =>
    startedAt === null ? sessionId === agent.conversationId : startedAt === agent.launchedAt;
  const claiming = ofTerminal ? [ofTerminal] : (await listSessionFiles(agent.configDir)).filter(isOurs);
  const session = claiming.find((file) => isSessionAlive(file, runner)) ?? claiming[0];
  if (!session) return NO_PROCESS;
  const isAlive = isSessionAlive(session, runner) && !isStopped(terminal);
  return { process: { pid: session.pid, isAlive }, session };
}

const NO_PROCESS: ProcessLife = { process: undefined, session: undefined };
/** The launcher has not recorded its pid yet: none is recorded, or an earlier launch's. So all events are earlier ones, too. */
const NOT_STARTED: ProcessLife = { ...NO_PROCESS, startedAt: Number.POSITIVE_INFINITY };
/** File times may lag some ms behind the clock. */
const CLOCK_SLACK_MS = 50;

function isStopped(terminal: TerminalStatus | undefined): boolean {
  return terminal?.exists === true && !terminal.isRunning;
}
