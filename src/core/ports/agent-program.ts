import type { Agent, StateReport } from "../agent.ts";
import type { ToolDecision } from "../decision.ts";
import type { Answer, Usage } from "../message.ts";
import type { Protocol } from "../protocol.ts";
import type { AgentRequest, Decision, RequestOutcome, RequestWay } from "../request.ts";
import type { Role } from "../role.ts";
import type { SourcedRule } from "../role-rights.ts";
import type { Session } from "../session.ts";
import type { Entry } from "../transcript.ts";
import type { InputStep, Screen, TerminalStatus } from "./terminal-backend.ts";

export interface ProgramProbe {
  isInstalled: boolean;
  path?: string;
  version?: string;
  /** Not undefined when agents cannot be started with it: not installed, too old, does not run. */
  problem?: string;
  fix?: string;
}

export interface LaunchRequest {
  agent: Agent;
  session: Session;
  /** What the agent's role is now: prompt, tools and rules are taken from here, model and mode from the agent. */
  role: Role;
  /** The agent's working protocol, read as its role is; null: none. */
  protocol: Protocol | null;
  /** Environment for the agent: the caller's, plus what --env gave, minus our own secrets. */
  env: Record<string, string>;
  /** Conversation to begin (`new`) or go on with (`resume`). */
  conversation: { id: string; mode: "new" | "resume" };
  /** Nonce of this launch; part of the launcher's file name, and the terminal's tag. */
  tag: string;
  /** Worker token in clear, written to a 0600 file for the agent's own MCP entry. */
  workerToken: string;
  /** Command (argv) of our own MCP server, for the agent's MCP entry. */
  mcpCommand: readonly string[];
  /** False keeps the program from going on by itself once a usage limit is over, as newer versions do. */
  autoResume: boolean;
}

export interface LaunchPlan {
  /** Absolute path of the 0700 launcher script; its path carries the agent id and the launch nonce. */
  launcher: string;
  title: string;
}

/** Byte positions in the agent's evidence, to look only at what came after. */
export interface EvidencePosition {
  spool: number;
  transcript: number;
}

export interface InputPlan {
  /** What the receiver's transcript must contain for the message to count as recorded. */
  expected: string;
  normalised: string[];
  /** keys | paste | editor */
  via: string;
  /** Puts the text into the input box; without Enter. */
  fill: InputStep[];
  /**
   * Where the program fetches the text itself: to be awaited between `fill` and `submit`. True once it has taken the
   * text (keys sent from then on are not lost); false when it did not, and never will: the text was withdrawn, nothing
   * was typed, and `submit` must not follow.
   */
  settle?: (signal?: AbortSignal) => Promise<boolean>;
  /** Submits it. */
  submit: InputStep[];
}

/** What the evidence says of one delivered text. */
export interface DeliveryEvidence {
  /** UserPromptSubmit reported the text. */
  submitted?: { promptId: string | null; at: number };
  /** The user entry stands in the transcript. */
  recorded?: { promptId: string | null; entryId: string; at: number };
  /** It arrived in the program's own queue, and no turn has taken it up yet. */
  isQueued?: true;
}

export interface TurnReport {
  /** The turn is over; `answer` is final. While it runs, `answer` holds what is there so far. */
  isOver: boolean;
  answer: Answer;
}

/** The terminal of one agent, as far as answering a dialog needs it. */
export interface TerminalAccess {
  /** What it shows now; undefined where it has no screen or cannot be read. */
  screen(): Promise<Screen | undefined>;
  input(steps: readonly InputStep[]): Promise<void>;
}

/** A process of the program that runs on this machine, whoever started it. */
export interface RunningProgram {
  pid: number;
  /** Start time that makes the pid unambiguous, in the words of the ProcessRunner. */
  startedAt: string;
  conversationId: string;
  cwd: string;
  name: string | null;
  /** Its own word: busy, idle, waiting, shell; null when it does not tell. */
  status: string | null;
  version: string;
  /** Epoch ms, when it tells. */
  launchedAt: number | null;
}

export interface ReadOptions {
  /** Only the newest this many turns. */
  last?: number;
  /** From this byte offset on. */
  from?: number;
  include: ReadonlySet<"tools" | "thinking">;
  /**
   * Upper bound of characters of all entries together. With `last` the oldest are left out; else the page ends early, and
   * the offset that comes with it begins the next one.
   */
  maxChars?: number;
}

export interface EntryPage {
  entries: Entry[];
  /** Byte offset to read on from. */
  offset: number;
  /** The page ended early, for its size: more stands there already. */
  hasMore: boolean;
}

/**
 * The program that runs in the terminals: Claude Code. Everything version-dependent about it lives behind this port.
 * All readers are tolerant of files that do not exist yet, half-written lines, unknown records and invalid UTF-8.
 */
export interface AgentProgram {
  /** Looks for the program; `bin` overrides the look-up. Never throws. */
  probe(env: Record<string, string>, bin?: string, signal?: AbortSignal): Promise<ProgramProbe>;

  /** Where the program keeps its files for agents started with this environment (absolute path). */
  configDir(env: Record<string, string>): string;

  /** Writes the agent's folder (settings, MCP entry, prompt, launcher) and returns what the terminal shall execute. */
  prepareLaunch(request: LaunchRequest): Promise<LaunchPlan>;

  /**
   * The agent's state from hooks, session file, transcript and process; `terminal` is what the backend knows, `screen`
   * is asked only where nothing else decides (start-up dialogs).
   */
  observe(
    agent: Agent,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<StateReport>;

  /**
   * Is the process of the agent's current launch provably alive, by pid and start time? Then its terminal need not be
   * asked; false also when nothing is known.
   */
  isAlive(agent: Agent): Promise<boolean>;

  /** Resolves when any of the agents' evidence may have changed, or after `maxMs`; rejects with CANCELLED on abort. */
  watch(agents: readonly Agent[], maxMs: number, signal?: AbortSignal): Promise<void>;

  /** Where the evidence ends now. Taken before typing, so that only newer evidence proves the delivery. */
  position(agent: Agent): Promise<EvidencePosition>;

  /**
   * What planInput would say of this text, without preparing anything.
   * @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE
   */
  checkInput(text: string, options: { isExact: boolean }): Promise<Pick<InputPlan, "expected" | "normalised" | "via">>;

  /**
   * How to carry this text into the input box. Prepares files where the route needs them; call it just before typing.
   * @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE before anything is typed
   */
  planInput(agent: Agent, text: string, options: { isExact: boolean }): Promise<InputPlan>;

  /** Keys that empty the input box, given what is on the screen; undefined when it is empty already. */
  planClear(screen: Screen): InputStep[] | undefined;

  /**
   * Keys that put the draft in the input box aside; the program gives it back once the next prompt is submitted. A
   * program that cannot do that leaves the draft where it is.
   */
  planStash(): InputStep[];

  /**
   * Takes back what `planInput` prepared and the program has not fetched; true when there was such a text: it was never
   * in the input box, and never will be.
   */
  withdrawInput(agent: Agent): Promise<boolean>;

  /** Keys that stop the running turn. */
  planInterrupt(): InputStep[];

  /** Text that stands in the input box now ("" when empty), or undefined when the screen shows no box. */
  draft(screen: Screen): string | undefined;

  /** Has this text (as planned) arrived, looking only at evidence after `position`? */
  delivery(
    agent: Agent,
    conversationId: string,
    expected: string,
    position: EvidencePosition,
  ): Promise<DeliveryEvidence>;

  /** The turn that a prompt started, by the transcript's parent chain from that prompt. */
  turn(agent: Agent, conversationId: string, promptId: string, fromOffset: number): Promise<TurnReport | undefined>;

  /** The newest turn's answer, reading only the tail. */
  lastAnswer(agent: Agent, conversationId: string): Promise<{ promptId: string | null; turn: TurnReport } | undefined>;

  /** Entries of a conversation and the offset to go on from. */
  entries(agent: Agent, conversationId: string, options: ReadOptions): Promise<EntryPage>;

  /**
   * Conversation the process has open now, or had when it ended, when it differs from ours (`/clear`, `/resume` in the
   * tab).
   */
  currentConversation(agent: Agent): Promise<string | undefined>;

  /** Absolute path of the transcript, when it exists. */
  transcriptPath(agent: Agent, conversationId: string): Promise<string | undefined>;

  /**
   * Tokens of all conversations that the agent ever had, each API message once; without those of its subagents. What was
   * summed before is kept in the agent's folder: only what came since is read, and what the program has removed since
   * still counts.
   */
  usage(agent: Agent, conversationIds: readonly string[]): Promise<Usage>;

  /**
   * What the agent asks now, in full; the first one is what its state reports. `screen` is asked only where nothing else
   * tells. Empty when nothing is open.
   */
  requests(
    agent: Agent,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<AgentRequest[]>;

  /**
   * Answers a request that `requests` returned. Never a blind key: where the dialog on the screen is not the one asked
   * about, nothing is typed. Returns once the answer is handed over; whether it took effect, `outcome` tells.
   *
   * @throws REQUEST_CLOSED when it is no longer open, REQUEST_ANSWER_INVALID when the decision does not fit it,
   *   REQUEST_NOT_SHOWN when the screen shows something else; in all three cases nothing was decided. By keys also
   *   ANSWER_UNPROVED, when the one Enter or Escape shows no effect
   */
  answer(
    agent: Agent,
    request: AgentRequest,
    decision: Decision,
    terminal: TerminalAccess,
    signal?: AbortSignal,
  ): Promise<{ via: RequestWay }>;

  /** What became of a request, by hooks and transcript; `open` while it is asked. */
  outcome(
    agent: Agent,
    request: AgentRequest,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<RequestOutcome>;

  /**
   * What was decided about each use of a tool and why, oldest first, from hooks and transcripts; those whose time is not
   * known come first, and with `since` (epoch ms) not at all. `home` is the folder behind `~/` in rules.
   */
  decisions(agent: Agent, options: { since?: number; home: string | null }): Promise<ToolDecision[]>;

  /** The permission rules that an agent of this role starts with in this session, each with its source. */
  permissionRules(session: Pick<Session, "securityLevel" | "policy">, role: Role): SourcedRule[];

  /** Was the agent's current launch given the permission rules that its session and role have now? */
  hasCurrentPolicy(agent: Agent, session: Session, role: Role): Promise<boolean>;

  /** Interactive processes of the program that are alive and keep their files in this folder, whoever started them. */
  running(configDir: string): Promise<RunningProgram[]>;

  /**
   * Removes what the agent's last launch has left behind and nothing reads once it has ended: launcher, environment,
   * prepared texts, FIFOs, the worker's token. What tells of it stays, as do transcripts. Idempotent.
   */
  removeLaunchFiles(agentId: string): Promise<void>;

  /** Removes what was written for the agent; transcripts stay. Idempotent. */
  removeAgentFiles(agentId: string): Promise<void>;
}
