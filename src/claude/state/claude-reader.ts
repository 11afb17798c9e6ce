import { join } from "node:path";
import type { Agent, StateReport } from "../../core/agent.ts";
import type { Usage } from "../../core/message.ts";
import type {
  AgentProgram,
  DeliveryEvidence,
  EntryPage,
  EvidencePosition,
  ReadOptions,
  TurnReport,
} from "../../core/ports/agent-program.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { ProcessRunner } from "../../core/ports/process-runner.ts";
import type { Screen, TerminalStatus } from "../../core/ports/terminal-backend.ts";
import { draft } from "../screens/input-box.ts";
import { readAgentPid } from "../session-file/agent-pid.ts";
import { sessionFilePath } from "../session-file/session-file.ts";
import { readSpoolTail, type SpoolPage, spoolSize } from "../spool/spool.ts";
import { needsStop, type StopEvidence, turnReport } from "../transcript/answer.ts";
import { type ByteSource, type OpenBytes, openFile, withBytes } from "../transcript/byte-source.ts";
import { readEntries } from "../transcript/entries.ts";
import type { PromptAuthor } from "../transcript/entry-builder.ts";
import { findTranscript } from "../transcript/find-transcript.ts";
import { endOfLastLine } from "../transcript/lines.ts";
import { readLastTurns, readTurn } from "../transcript/turn-reader.ts";
import type { Turn } from "../transcript/turns.ts";
import { conversationUsage, NO_USAGE } from "../transcript/usage.ts";
import { assessState, needsLastTurn, needsScreen } from "./assess-state.ts";
import { deliveryEvidence } from "./delivery.ts";
import { type EvidencePlaces, gatherEvidence, processLife } from "./gather-evidence.ts";
import { watchFiles } from "./watch-files.ts";

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
    const evidence = await gatherEvidence(agent, terminal, {
      places: this.#places(agent),
      runner: this.#runner,
      now: this.#clock.now(),
      openBytes: this.#openBytes,
    });
    if (needsLastTurn(evidence) && evidence.session) {
      const last = await this.lastAnswer(agent, evidence.session.sessionId);
      if (last?.turn.isOver) evidence.lastTurn = last.turn.answer;
    }
    if (needsScreen(evidence)) evidence.screen = await screen();
    return assessState(evidence);
  }

  async isAlive(agent: Agent): Promise<boolean> {
    const { process } = await processLife(agent, undefined, { places: this.#places(agent), runner: this.#runner });
    return process?.isAlive === true;
  }

  async watch(agents: readonly Agent[], maxMs: number, signal?: AbortSignal): Promise<void> {
    const paths = await Promise.all(agents.map((agent) => this.#evidencePaths(agent)));
    await watchFiles(paths.flat(), { maxMs, clock: this.#clock, signal });
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
    return turn && this.#report(agent, turn);
  }

  async lastAnswer(
    agent: Agent,
    conversationId: string,
  ): Promise<{ promptId: string | null; turn: TurnReport } | undefined> {
    const turns = await this.#withTranscript(agent, conversationId, [], (source) => readLastTurns(source, 1));
    const turn = turns.at(-1);
    if (!turn) return undefined;
    return { promptId: turn.start.promptId, turn: await this.#report(agent, turn) };
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
    const { process, session } = await processLife(agent, undefined, {
      places: this.#places(agent),
      runner: this.#runner,
    });
    if (!process?.isAlive || !session) return undefined;
    return session.sessionId === agent.conversationId ? undefined : session.sessionId;
  }

  async transcriptPath(agent: Agent, conversationId: string): Promise<string | undefined> {
    const remembered = this.#transcripts.get(conversationId);
    const found = await findTranscript(agent.configDir, conversationId, remembered === undefined ? [] : [remembered]);
    if (found !== undefined) this.#transcripts.set(conversationId, found);
    return found;
  }

  async usage(agent: Agent, conversationId: string): Promise<Usage> {
    const path = await this.transcriptPath(agent, conversationId);
    return path === undefined ? NO_USAGE : conversationUsage(this.#openBytes, path);
  }

  #places(agent: Agent): EvidencePlaces {
    const folder = join(this.#home, "agents", agent.id);
    return { folder, spool: join(folder, "events.jsonl") };
  }

  async #evidencePaths(agent: Agent): Promise<string[]> {
    const { folder, spool } = this.#places(agent);
    const recorded = await readAgentPid(folder);
    const transcript =
      agent.conversationId === null ? undefined : await this.transcriptPath(agent, agent.conversationId);
    return [
      spool,
      join(folder, "pid"),
      ...(recorded ? [sessionFilePath(agent.configDir, recorded.pid)] : []),
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

  async #report(agent: Agent, turn: Turn): Promise<TurnReport> {
    const { promptId } = turn.start;
    const stop = promptId !== null && needsStop(turn) ? await this.#stopOf(agent, promptId) : undefined;
    return turnReport(turn, stop);
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
