import { join } from "node:path";
import type { Agent, StateReport } from "../../core/agent.ts";
import type { Usage } from "../../core/message.ts";
import type {
  AgentProgram,
  DeliveryEvidence,
  EntryPage,
  EvidencePosition,
  ReadOptions,
  RunningProgram,
  TurnReport,
} from "../../core/ports/agent-program.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import type { Screen, TerminalStatus } from "../../core/ports/terminal-backend.ts";
import { askedWaiters } from "../requests/open-requests.ts";
import { releaseWaiters } from "../requests/waiters.ts";
import { draft } from "../screens/input-box.ts";
import { readAgentPid } from "../session-file/agent-pid.ts";
import { runningPrograms } from "../session-file/running.ts";
import { sessionFilePath } from "../session-file/session-file.ts";
import { readSpoolTail, type SpoolPage, spoolSize } from "../spool/spool.ts";
import { needsEvidence, type SessionEvidence, type StopEvidence, turnReport } from "../transcript/answer.ts";
import { type ByteSource, type OpenBytes, openFile, withBytes } from "../transcript/byte-source.ts";
import { readEntries } from "../transcript/entries.ts";
import type { PromptAuthor } from "../transcript/entry-builder.ts";
import { findTranscript } from "../transcript/find-transcript.ts";
import { endOfLastLine } from "../transcript/lines.ts";
import { readLastTurns, readTurn } from "../transcript/turn-reader.ts";
import type { Turn } from "../transcript/turns.ts";
import { loadTally, saveTally } from "../transcript/usage-file.ts";
import { assessState, needsFailure, needsScreen } from "./assess-state.ts";
import { deliveryEvidence } from "./delivery.ts";
import type { StateEvidence } from "./evidence.ts";
import { type EvidencePlaces, gatherEvidence, processLife } from "./gather-evidence.ts";
import { readLastFailure } from "./last-failure.ts";
import { watchFiles } from "./watch-files.ts";

/** While Claude Code starts, only its screen tells of a dialog, and no file changes when one opens. */
const START_MS = 10_000;
const START_LOOK_MS = 200;

export interface ClaudeReaderOptions {
  /** Our home folder, which holds `agents/<id>/`. */
  home: string;
  clock: Clock;
  runner: Pick<ProcessRunner, "isAlive" | "identify">;
  /** Injected by tests that count what is read. */
  openBytes?: OpenBytes;
}

type ReadingHalf = Pick<
  AgentProgram,
  | "observe"
  | "isAlive"
  | "watch"
  | "position"
  | "draft"
  | "delivery"
  | "turn"
  | "lastAnswer"
  | "currentConversation"
  | "transcriptPath"
  | "usage"
  | "running"
>;

/** Everything that is read from an agent's evidence. Holds no state but where transcripts were found. */
export class ClaudeReader implements ReadingHalf {
  readonly #home: string;
  readonly #clock: Clock;
  readonly #runner: ClaudeReaderOptions["runner"];
  readonly #openBytes: OpenBytes;
  readonly #transcripts = new Map<string, string>();

  constructor(options: ClaudeReaderOptions) {
    this.#home = options.home;
    this.#clock = options.clock;
    this.#runner = options.runner;
    this.#openBytes = options.openBytes ?? openFile;
  }

  async observe(
    agent: Agent,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<StateReport> {
    return (await this.look(agent, terminal, screen)).report;
  }

  /** The state and what it was read from. */
  protected async look(
    agent: Agent,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<{ evidence: StateEvidence; report: StateReport }> {
    const evidence = await this.gather(agent, terminal);
    if (needsFailure(evidence) && evidence.session) {
      const end = await this.#withTranscript(agent, evidence.session.sessionId, undefined, readLastFailure);
      if (end === "interrupted") evidence.isInterrupted = true;
      else evidence.failure = end;
    }
    if (needsScreen(evidence)) evidence.screen = await screen();
    await releaseWaiters(join(this.#places(agent).folder, "requests"), askedWaiters(evidence), evidence.now);
    return { evidence, report: this.assess(evidence) };
  }

  /** What is read before anything is decided; a headless agent's has more. */
  protected gather(agent: Agent, terminal: TerminalStatus | undefined): Promise<StateEvidence> {
    return gatherEvidence(agent, terminal, {
      places: this.#places(agent),
      runner: this.#runner,
      now: this.#clock.now(),
      openBytes: this.#openBytes,
    });
  }

  protected assess(evidence: StateEvidence): StateReport {
    return assessState(evidence);
  }

  async isAlive(agent: Agent): Promise<boolean> {
    const { process } = await processLife(agent, undefined, { places: this.#places(agent), runner: this.#runner });
    return process?.isAlive === true;
  }

  async watch(agents: readonly Agent[], maxMs: number, signal?: AbortSignal): Promise<void> {
    const paths = await Promise.all(agents.map((agent) => this.evidencePaths(agent)));
    const living = (await Promise.all(agents.map((agent) => this.#livingPid(agent)))).flat();
    const isStarting = agents.some(({ launchedAt }) => this.#clock.now() - (launchedAt ?? 0) < START_MS);
    await watchFiles(paths.flat(), {
      maxMs: isStarting ? Math.min(maxMs, START_LOOK_MS) : maxMs,
      clock: this.#clock,
      signal,
      // A process that is killed leaves its files as they are.
      isAlsoChanged: () => living.some((pid) => !this.#runner.isAlive({ pid, startedAt: "" })),
    });
  }

  /** An adopted process recorded none: its session file is known by other means. */
  async #recordedPid(agent: Agent): Promise<number | undefined> {
    const places = this.#places(agent);
    if (!agent.isAdopted) return (await readAgentPid(places.folder))?.pid;
    return (await processLife(agent, undefined, { places, runner: this.#runner })).session?.pid;
  }

  async #livingPid(agent: Agent): Promise<number[]> {
    const pid = await this.#recordedPid(agent);
    return pid !== undefined && this.#runner.isAlive({ pid, startedAt: "" }) ? [pid] : [];
  }

  async position(agent: Agent): Promise<EvidencePosition> {
    const conversationId = agent.conversationId;
    const [spool, transcript] = await Promise.all([
      spoolSize(this.#openBytes, this.#places(agent).spool),
      conversationId === null ? 0 : this.#withTranscript(agent, conversationId, 0, (source) => endOfLastLine(source)),
    ]);
    return { spool, transcript };
  }

  draft(screen: Screen): string | undefined {
    return draft(screen);
  }

  async delivery(
    agent: Agent,
    conversationId: string,
    expected: string,
    position: EvidencePosition,
  ): Promise<DeliveryEvidence> {
    const paths = {
      spool: this.#places(agent).spool,
      transcript: await this.transcriptPath(agent, conversationId),
    };
    return deliveryEvidence(this.#openBytes, paths, { text: expected, conversationId }, position);
  }

  async turn(
    agent: Agent,
    conversationId: string,
    promptId: string,
    fromOffset: number,
  ): Promise<TurnReport | undefined> {
    const turn = await this.#withTranscript(agent, conversationId, undefined, (source) =>
      readTurn(source, promptId, fromOffset),
    );
    return turn && this.#report(agent, conversationId, turn);
  }

  async lastAnswer(
    agent: Agent,
    conversationId: string,
  ): Promise<{ promptId: string | null; turn: TurnReport } | undefined> {
    const turns = await this.#withTranscript(agent, conversationId, [], (source) => readLastTurns(source, 1));
    const turn = turns.at(-1);
    if (!turn) return undefined;
    return { promptId: turn.start.promptId, turn: await this.#report(agent, conversationId, turn) };
  }

  /** `authorOf` tells prompts of the orchestrator and of other agents from a person's. */
  async entries(
    agent: Agent,
    conversationId: string,
    options: ReadOptions,
    authorOf: PromptAuthor,
  ): Promise<EntryPage> {
    const nothing: EntryPage = { entries: [], offset: 0, hasMore: false };
    return this.#withTranscript(agent, conversationId, nothing, (source) => readEntries(source, options, authorOf));
  }

  async currentConversation(agent: Agent): Promise<string | undefined> {
    const places = this.#places(agent);
    const { process, session } = await processLife(agent, undefined, { places, runner: this.#runner });
    const newest = process?.isAlive
      ? session?.sessionId
      : (session?.sessionId ?? (await this.#lastConversation(agent)));
    return newest === agent.conversationId ? undefined : newest;
  }

  /** Conversation of the newest hook event of the agent's last launch. */
  async #lastConversation(agent: Agent): Promise<string | undefined> {
    const { events, writtenAt } = await readSpoolTail(
      this.#openBytes,
      this.#places(agent).spool,
      (tail) => tail.length > 0,
    );
    const isOfLaunch = writtenAt !== null && writtenAt >= (agent.launchedAt ?? 0);
    return isOfLaunch ? events.findLast(({ subagentId }) => subagentId === null)?.sessionId || undefined : undefined;
  }

  running(configDir: string): Promise<RunningProgram[]> {
    return runningPrograms(configDir, this.#runner);
  }

  async transcriptPath(agent: Agent, conversationId: string): Promise<string | undefined> {
    const remembered = this.#transcripts.get(conversationId);
    const found = await findTranscript(agent.configDir, conversationId, remembered === undefined ? [] : [remembered]);
    if (found !== undefined) this.#transcripts.set(conversationId, found);
    return found;
  }

  async usage(agent: Agent, conversationIds: readonly string[]): Promise<Usage> {
    const file = join(this.#places(agent).folder, "usage.json");
    const tally = await loadTally(file);
    let hasGrown = false;
    for (const id of conversationIds) {
      const path = await this.transcriptPath(agent, id);
      if (path !== undefined && (await tally.add(this.#openBytes, id, path))) hasGrown = true;
    }
    if (hasGrown) await saveTally(file, tally);
    return tally.total();
  }

  #places(agent: Agent): EvidencePlaces {
    const folder = join(this.#home, "agents", agent.id);
    return { folder, spool: join(folder, "events.jsonl"), connected: join(folder, "connected") };
  }

  protected async evidencePaths(agent: Agent): Promise<string[]> {
    const { folder, spool, connected } = this.#places(agent);
    const pid = await this.#recordedPid(agent);
    const transcript =
      agent.conversationId === null ? undefined : await this.transcriptPath(agent, agent.conversationId);
    return [
      spool,
      connected,
      join(folder, "pid"),
      ...(pid === undefined ? [] : [sessionFilePath(agent.configDir, pid)]),
      ...(transcript === undefined ? [] : [transcript]),
    ];
  }

  async #withTranscript<T>(
    agent: Agent,
    conversationId: string,
    absent: T,
    use: (source: ByteSource) => Promise<T>,
  ): Promise<T> {
    const path = await this.transcriptPath(agent, conversationId);
    return path === undefined ? absent : withBytes(this.#openBytes, path, absent, use);
  }

  async #report(agent: Agent, conversationId: string, turn: Turn): Promise<TurnReport> {
    if (!needsEvidence(turn)) return turnReport(turn);
    const { promptId } = turn.start;
    // The session first: where it says that the turn is over, the Stop event is there.
    const session = await this.#sessionOf(agent, conversationId);
    const stop = promptId === null ? undefined : await this.#stopOf(agent, promptId);
    return turnReport(turn, { stop, session });
  }

  async #sessionOf(agent: Agent, conversationId: string): Promise<SessionEvidence | undefined> {
    const { now, process, session } = await this.gather(agent, undefined);
    if (!process?.isAlive || !session) return undefined;
    const isIdle = session.status === "idle" || session.status === "shell";
    // In another conversation (`/clear`), it is not this turn that it is busy with.
    const isBusy = session.status === "busy" && session.sessionId === conversationId;
    return { isBusy, idleSince: isIdle ? session.statusAt : null, now };
  }

  async #stopOf(agent: Agent, promptId: string): Promise<StopEvidence | undefined> {
    const isOurs = ({ promptId: id, subagentId }: SpoolPage["events"][number]) =>
      id === promptId && subagentId === null;
    const page = await readSpoolTail(this.#openBytes, this.#places(agent).spool, (events) => events.some(isOurs));
    const newest = page.events.findLastIndex(isOurs);
    const stop = page.events.findLast(
      (event) => isOurs(event) && (event.name === "Stop" || event.name === "StopFailure"),
    );
    if (!stop || newest < 0) return undefined;
    return {
      isFailure: stop.name === "StopFailure",
      lastMessage: stop.lastMessage ?? null,
      ageMs: this.#clock.now() - (page.writtenAt ?? 0),
    };
  }
}
