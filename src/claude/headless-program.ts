import { readFile } from "node:fs/promises";
import type { Agent, StateReport } from "../core/agent.ts";
import { AppError } from "../core/errors.ts";
import type { InputPlan, LaunchPlan, LaunchRequest, TerminalAccess } from "../core/ports/agent-program.ts";
import type { InputStep, Screen, TerminalStatus } from "../core/ports/terminal-backend.ts";
import type { AgentRequest, Decision, RequestOutcome, RequestWay } from "../core/request.ts";
import { ClaudeProgram, type ClaudeProgramOptions } from "./claude-program.ts";
import { assessHeadless, type HeadlessEvidence, withOutput } from "./headless/assess-headless.ts";
import { checkPrompt } from "./headless/check-prompt.ts";
import { interruptLine, lineSteps, userLine } from "./headless/control-lines.ts";
import { answerLine, controlOutcome, controlRequests } from "./headless/control-requests.ts";
import { NO_OUTPUT, type OutputTail, readOutputTail } from "./headless/output-tail.ts";
import { prepareLaunch } from "./launch/prepare-launch.ts";
import { assessState } from "./state/assess-state.ts";
import type { StateEvidence } from "./state/evidence.ts";
import { openFile } from "./transcript/byte-source.ts";

export interface HeadlessProgramOptions extends ClaudeProgramOptions {
  /** Files with the standard output and standard error of the program in the terminal of this tag. */
  outputFiles(tag: string): { output: string; errors: string };
}

/**
 * Claude Code in stream-json mode: launched, read and proved like one in a terminal (same hooks, session file and
 * transcript), but spoken to in JSON lines, so that every text arrives as it is, and asked and answered over its control
 * protocol.
 */
export class HeadlessProgram extends ClaudeProgram {
  readonly #options: HeadlessProgramOptions;

  constructor(options: HeadlessProgramOptions) {
    super(options);
    this.#options = options;
  }

  /** @throws CLAUDE_LAUNCH_FAILED in a session whose folder nobody trusts: without a terminal nobody is asked */
  override async prepareLaunch(request: LaunchRequest): Promise<LaunchPlan> {
    const { session } = request;
    if (!session.isTrusted) {
      throw new AppError(
        "CLAUDE_LAUNCH_FAILED",
        `Nobody said that ${session.root} is trusted, and a headless agent cannot ask`,
        {
          hint: "If you trust it, create the session with --trust; or use a backend with a terminal.",
          details: { session: session.id },
        },
      );
    }
    return prepareLaunch(request, { home: this.#options.home, isHeadless: true });
  }

  override async checkInput(text: string, options: { isExact: boolean }) {
    return checkPrompt(text, options);
  }

  override async planInput(_agent: Agent, text: string, options: { isExact: boolean }): Promise<InputPlan> {
    const checked = checkPrompt(text, options);
    return { ...checked, ...lineSteps(userLine(checked.expected)) };
  }

  override planClear(): undefined {
    return undefined;
  }

  override planStash(): InputStep[] {
    return [];
  }

  override async withdrawInput(): Promise<boolean> {
    return false;
  }

  override planInterrupt(): InputStep[] {
    const { fill, submit } = lineSteps(interruptLine(this.#options.ids.next("nce")));
    return [...fill, ...submit];
  }

  /** There is no input box that could hold one. */
  override draft(): string {
    return "";
  }

  /** Its last words stand on its standard error. */
  override observe(agent: Agent, terminal: TerminalStatus | undefined): Promise<StateReport> {
    return super.observe(agent, terminal, () => this.#lastWords(agent, terminal));
  }

  protected override async gather(agent: Agent, terminal: TerminalStatus | undefined): Promise<HeadlessEvidence> {
    const evidence = await super.gather(agent, terminal);
    return withOutput(evidence, await this.#output(agent), { isOpen: (agent.terminal?.id ?? "") !== "" });
  }

  protected override assess(evidence: StateEvidence): StateReport {
    return isHeadless(evidence) ? assessHeadless(evidence) : assessState(evidence);
  }

  protected override async evidencePaths(agent: Agent): Promise<string[]> {
    const paths = await super.evidencePaths(agent);
    return agent.terminal ? [...paths, this.#options.outputFiles(agent.terminal.tag).output] : paths;
  }

  override async requests(agent: Agent, terminal: TerminalStatus | undefined): Promise<AgentRequest[]> {
    const report = await this.observe(agent, terminal);
    if (report.state !== "waiting") return [];
    return controlRequests(agent, await this.#output(agent), () => this.recordedUses(agent));
  }

  override async answer(
    agent: Agent,
    request: AgentRequest,
    decision: Decision,
    terminal: TerminalAccess,
  ): Promise<{ via: RequestWay }> {
    const about = { output: await this.#output(agent), claudeVersion: agent.claudeVersion };
    const { fill, submit } = lineSteps(answerLine(request, decision, about));
    await terminal.input([...fill, ...submit]);
    return { via: "control" };
  }

  override async outcome(agent: Agent, request: AgentRequest): Promise<RequestOutcome> {
    if (!agent.terminal) return "gone";
    const outcome = await controlOutcome(openFile, this.#options.outputFiles(agent.terminal.tag).output, request);
    return outcome === "open" && !(await this.isAlive(agent)) ? "gone" : outcome;
  }

  async #output(agent: Agent): Promise<OutputTail> {
    if (!agent.terminal) return NO_OUTPUT;
    return readOutputTail(openFile, this.#options.outputFiles(agent.terminal.tag).output);
  }

  async #lastWords(agent: Agent, terminal: TerminalStatus | undefined): Promise<Screen | undefined> {
    if (!agent.terminal || terminal?.isRunning !== false) return undefined;
    const text = await readFile(this.#options.outputFiles(agent.terminal.tag).errors, "utf8").catch(() => "");
    return { lines: text.slice(-MAX_WORDS).split("\n") };
  }
}

const MAX_WORDS = 4_000;

function isHeadless(evidence: StateEvidence): evidence is HeadlessEvidence {
  return "output" in evidence;
}
