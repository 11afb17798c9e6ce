import { join } from "node:path";
import type { Agent } from "../core/agent.ts";
import type { ToolDecision } from "../core/decision.ts";
import { AppError } from "../core/errors.ts";
import type {
  AgentProgram,
  EntryPage,
  InputPlan,
  LaunchPlan,
  LaunchRequest,
  ProgramProbe,
  ReadOptions,
  TerminalAccess,
} from "../core/ports/agent-program.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Ids } from "../core/ports/ids.ts";
import type { ProcessRunner } from "../core/ports/process-runner.ts";
import type { InputStep, Screen, TerminalStatus } from "../core/ports/terminal-backend.ts";
import type { AgentRequest, Decision, RequestOutcome, RequestWay } from "../core/request.ts";
import type { Role } from "../core/role.ts";
import type { SourcedRule } from "../core/role-rights.ts";
import type { Session } from "../core/session.ts";
import { withdrawEditorTexts } from "./input/editor-text.ts";
import { checkInput, planInput } from "./input/plan-input.ts";
import { planClear, planInterrupt, planStash } from "./input/plan-keys.ts";
import { agentFiles } from "./launch/agent-files.ts";
import { configDir } from "./launch/config-dir.ts";
import { prepareLaunch, removeAgentFiles, removeLaunchFiles } from "./launch/prepare-launch.ts";
import { probeClaude } from "./launch/probe-claude.ts";
import { permissionRules } from "./launch/tool-permissions.ts";
import { hasCurrentPolicy } from "./permissions/applied-rules.ts";
import { readDecisions } from "./permissions/read-decisions.ts";
import { answerRequest, closed } from "./requests/answer-request.ts";
import { isDialogOf, isSameRequest } from "./requests/is-asked.ts";
import { KeyDesk, SETTLE_MS } from "./requests/key-desk.ts";
import { openRequests } from "./requests/open-requests.ts";
import { outcomeOf } from "./requests/outcome.ts";
import { type RecordedUse, recordedUses } from "./requests/recorded-use.ts";
import type { Dialog } from "./screens/dialog.ts";
import { ClaudeReader } from "./state/claude-reader.ts";
import { openFile } from "./transcript/byte-source.ts";

export interface ClaudeProgramOptions {
  home: string;
  clock: Clock;
  ids: Ids;
  processes: ProcessRunner;
}

/** Claude Code behind the AgentProgram port: what is written (launch, input) beside what is read (the reader's half). */
export class ClaudeProgram extends ClaudeReader implements AgentProgram {
  readonly #options: ClaudeProgramOptions;
  /** How long a dialog must stand before it takes keys, in milliseconds. */
  protected readonly settleMs: number = SETTLE_MS;

  constructor(options: ClaudeProgramOptions) {
    super({ home: options.home, clock: options.clock, runner: options.processes });
    this.#options = options;
  }

  probe(env: Record<string, string>, bin?: string, signal?: AbortSignal): Promise<ProgramProbe> {
    const { home, processes } = this.#options;
    return probeClaude(env, {
      processes,
      cacheFile: join(home, "claude-versions.json"),
      ...(bin === undefined ? {} : { bin }),
      ...(signal ? { signal } : {}),
    });
  }

  configDir(env: Record<string, string>): string {
    return configDir(env);
  }

  prepareLaunch(request: LaunchRequest): Promise<LaunchPlan> {
    return prepareLaunch(request, { home: this.#options.home });
  }

  async checkInput(
    text: string,
    options: { isExact: boolean },
  ): Promise<Pick<InputPlan, "expected" | "normalised" | "via">> {
    return checkInput(text, options);
  }

  async planInput(agent: Agent, text: string, options: { isExact: boolean }): Promise<InputPlan> {
    if (agent.isAdopted) refuseEditor(checkInput(text, options).via);
    const { home, clock, ids } = this.#options;
    return planInput(text, { ...options, folder: agentFiles(home, agent.id).input, clock, ids });
  }

  planClear(screen: Screen): InputStep[] | undefined {
    return planClear(this.draft(screen));
  }

  planStash(): InputStep[] {
    return planStash();
  }

  withdrawInput(agent: Agent): Promise<boolean> {
    return withdrawEditorTexts(agentFiles(this.#options.home, agent.id).input);
  }

  planInterrupt(): InputStep[] {
    return planInterrupt();
  }

  decisions(agent: Agent, options: { since?: number; home: string | null }): Promise<ToolDecision[]> {
    return readDecisions(openFile, agentFiles(this.#options.home, agent.id), agent, options);
  }

  permissionRules(session: Pick<Session, "securityLevel" | "policy">, role: Role): SourcedRule[] {
    return permissionRules(session, role);
  }

  hasCurrentPolicy(agent: Agent, session: Session, role: Role): Promise<boolean> {
    return hasCurrentPolicy(agentFiles(this.#options.home, agent.id).settings, session, role);
  }

  async requests(
    agent: Agent,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<AgentRequest[]> {
    return (await this.#asked(agent, terminal, screen)).open;
  }

  async answer(
    agent: Agent,
    request: AgentRequest,
    decision: Decision,
    terminal: TerminalAccess,
    signal?: AbortSignal,
  ): Promise<{ via: RequestWay }> {
    const { home, clock, ids } = this.#options;
    const { open, evidence } = await this.#asked(agent, undefined, () => terminal.screen());
    const now = open.find((one) => isSameRequest(one, request));
    if (!now) throw closed("It is not asked any more");
    const isAsked = (dialog: Dialog, screen: Screen) => this.#isAsked(agent, now, dialog, screen);
    return answerRequest(now, decision, evidence, {
      folder: agentFiles(home, agent.id).requests,
      ids,
      claudeVersion: agent.claudeVersion,
      desk: new KeyDesk({ terminal, clock, settleMs: this.settleMs, isAsked, signal }),
    });
  }

  async outcome(
    agent: Agent,
    request: AgentRequest,
    terminal: TerminalStatus | undefined,
    screen: () => Promise<Screen | undefined>,
  ): Promise<RequestOutcome> {
    const { open, evidence, report } = await this.#asked(agent, terminal, screen);
    return outcomeOf(request, {
      evidence,
      report,
      isOpen: open.some((one) => isSameRequest(one, request)),
      openBytes: openFile,
      spool: agentFiles(this.#options.home, agent.id).spool,
      transcript: agent.conversationId === null ? undefined : await this.transcriptPath(agent, agent.conversationId),
    });
  }

  async #asked(agent: Agent, terminal: TerminalStatus | undefined, screen: () => Promise<Screen | undefined>) {
    const { evidence, report } = await this.look(agent, terminal, screen);
    const folder = agentFiles(this.#options.home, agent.id).requests;
    const from = { folder, screen, recordedUses: () => this.recordedUses(agent) };
    return { evidence, report, open: await openRequests(agent, evidence, report, from) };
  }

  protected async recordedUses(agent: Agent): Promise<RecordedUse[]> {
    const { conversationId } = agent;
    const path = conversationId === null ? undefined : await this.transcriptPath(agent, conversationId);
    return path === undefined ? [] : recordedUses(openFile, path);
  }

  async #isAsked(agent: Agent, request: AgentRequest, dialog: Dialog, screen: Screen): Promise<boolean> {
    const { open } = await this.#asked(agent, undefined, async () => screen);
    const isOpen = open.some((one) => isSameRequest(one, request));
    return isOpen && isDialogOf(dialog, screen, request);
  }

  removeLaunchFiles(agentId: string): Promise<void> {
    return removeLaunchFiles(this.#options.home, agentId);
  }

  removeAgentFiles(agentId: string): Promise<void> {
    return removeAgentFiles(this.#options.home, agentId);
  }

  override entries(agent: Agent, conversationId: string, options: ReadOptions): Promise<EntryPage> {
    return super.entries(agent, conversationId, options, () => "person");
  }
}

/** An adopted Claude Code has its person's editor, not ours. */
function refuseEditor(via: string): void {
  if (via !== "editor") return;
  throw new AppError(
    "TEXT_NOT_DELIVERABLE",
    "An adopted agent takes only short plain texts: a long or unusual one goes through an editor that only launched agents have",
    {
      hint: "Shorten it, or bring the agent fully under control: end its Claude Code, then claude-orch agent start --resume.",
    },
  );
}
