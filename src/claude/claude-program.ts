import { join } from "node:path";
import type { Agent } from "../core/agent.ts";
import type {
  AgentProgram,
  EntryPage,
  InputPlan,
  LaunchPlan,
  LaunchRequest,
  ProgramProbe,
  ReadOptions,
} from "../core/ports/agent-program.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Ids } from "../core/ports/ids.ts";
import type { ProcessRunner } from "../core/ports/process-runner.ts";
import type { InputStep, Screen } from "../core/ports/terminal-backend.ts";
import { withdrawEditorTexts } from "./input/editor-text.ts";
import { checkInput, planInput } from "./input/plan-input.ts";
import { planClear, planInterrupt, planStash } from "./input/plan-keys.ts";
import { agentFiles } from "./launch/agent-files.ts";
import { configDir } from "./launch/config-dir.ts";
import { prepareLaunch, removeAgentFiles } from "./launch/prepare-launch.ts";
import { probeClaude } from "./launch/probe-claude.ts";
import { ClaudeReader } from "./state/claude-reader.ts";

export interface ClaudeProgramOptions {
  home: string;
  clock: Clock;
  ids: Ids;
  processes: ProcessRunner;
}

/** Claude Code behind the AgentProgram port: what is written (launch, input) beside what is read (the reader's half). */
export class ClaudeProgram extends ClaudeReader implements AgentProgram {
  readonly #options: ClaudeProgramOptions;

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

  planInput(agent: Agent, text: string, options: { isExact: boolean }): Promise<InputPlan> {
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

  removeAgentFiles(agentId: string): Promise<void> {
    return removeAgentFiles(this.#options.home, agentId);
  }

  override entries(agent: Agent, conversationId: string, options: ReadOptions): Promise<EntryPage> {
    return super.entries(agent, conversationId, options, () => "person");
  }
}
