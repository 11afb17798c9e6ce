import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClaudeProgram } from "../../../src/claude/claude-program.ts";
import { type ScriptedModel, startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import type { Agent } from "../../../src/core/agent.ts";
import type { TerminalAccess } from "../../../src/core/ports/agent-program.ts";
import type { Key, Screen } from "../../../src/core/ports/terminal-backend.ts";
import type { AgentRequest, Decision, RequestOutcome } from "../../../src/core/request.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { type ClaudeSandbox, type ClaudeVersion, claudeSandbox, processesOf } from "../../support/claude-sandbox.ts";
import { LaunchedClaude, launchRequest } from "../../support/launched-claude.ts";
import { TmuxDriver } from "../../support/tmux-driver.ts";
import { waitFor } from "../../support/wait-for.ts";

const clock = new SystemClock();
/** A real Claude Code is given this long for anything: in the slowest CI run a whole test of many steps took 4 s. */
const PATIENCE_MS = 15_000;
/** The receipt of a prompt comes within some 200 ms, unless its Enter was swallowed or the machine is busy. */
const RECEIPT_MS = 1_500;

/** One real Claude Code with our hooks in a real terminal, and the program that answers it. */
export class RequestWorld {
  readonly program: ClaudeProgram;
  readonly agent: Agent;
  readonly claude: LaunchedClaude;
  readonly terminal: TerminalAccess;
  readonly sandbox: ClaudeSandbox;
  readonly #driver: TmuxDriver;
  readonly #model: ScriptedModel;

  private constructor(parts: {
    sandbox: ClaudeSandbox;
    driver: TmuxDriver;
    model: ScriptedModel;
    claude: LaunchedClaude;
  }) {
    this.sandbox = parts.sandbox;
    this.#driver = parts.driver;
    this.#model = parts.model;
    this.claude = parts.claude;
    const { request } = parts.claude;
    this.agent = { ...request.agent, conversationId: request.conversation.id };
    this.program = new ClaudeProgram({
      home: join(parts.sandbox.root, "orch home"),
      clock,
      ids: new SystemIds(clock),
      processes: new SystemProcesses(),
    });
    this.terminal = {
      screen: async () => this.#screen(),
      input: (steps) => this.claude.input(steps),
    };
  }

  static start(version: ClaudeVersion, changes: Partial<Agent> = {}): Promise<RequestWorld> {
    return RequestWorld.#launch(version, changes, { isTrusted: true });
  }

  /** In a folder that nobody trusts yet: it begins with a question. */
  static startUntrusted(version: ClaudeVersion): Promise<RequestWorld> {
    return RequestWorld.#launch(version, {}, { isTrusted: false });
  }

  static async #launch(
    version: ClaudeVersion,
    changes: Partial<Agent>,
    { isTrusted }: { isTrusted: boolean },
  ): Promise<RequestWorld> {
    const model = await startScriptedModel({ clock });
    const sandbox = await claudeSandbox(version, model.url);
    const driver = new TmuxDriver(sandbox.env);
    try {
      const request = launchRequest(sandbox, { lifecycle: "open", launchedAt: clock.now(), ...changes });
      if (isTrusted) {
        const claude = await LaunchedClaude.start(sandbox, driver, request);
        return new RequestWorld({ sandbox, driver, model, claude });
      }
      const file = join(sandbox.configDir, ".claude.json");
      const { projects: _, ...config } = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
      await writeFile(file, JSON.stringify(config), { mode: 0o600 });
      const untrusted = { ...request, session: { ...request.session, isTrusted: false } };
      const claude = await LaunchedClaude.start(sandbox, driver, untrusted, { isReady: false });
      return new RequestWorld({ sandbox, driver, model, claude });
    } catch (error) {
      await driver.dispose();
      await model.close();
      throw error;
    }
  }

  async dispose(): Promise<void> {
    await this.#driver.dispose();
    await this.#model.close();
    await this.sandbox.dispose();
  }

  /**
   * Sends a prompt. An Enter that was swallowed at the start is repeated, alone, and only while the text stands in the box:
   * where the machine is merely slow, it would answer the dialog that the prompt leads to.
   */
  async send(text: string): Promise<void> {
    await this.state("idle");
    const { end } = await this.claude.events();
    await this.claude.input([
      { kind: "text", text, isBracketed: true },
      { kind: "keys", keys: ["Home", "Enter"] },
    ]);
    const isSubmitted = async () => {
      const { events } = await this.claude.events(end);
      if (events.some((event) => event.hook_event_name === "UserPromptSubmit")) return true;
      if ((this.program.draft(await this.#screen()) ?? "") !== "") await this.press("Enter");
      return undefined;
    };
    await this.claude.event("UserPromptSubmit", end, RECEIPT_MS).catch(() =>
      waitFor("the prompt to be submitted", isSubmitted, {
        everyMs: RECEIPT_MS,
        describe: () => this.claude.screen(),
        timeoutMs: PATIENCE_MS,
      }),
    );
  }

  /**
   * Answers at the keyboard the dialog that shows this. A key is pressed only while the dialog stands there: 2.1.330 holds
   * one back for 1.5 s after each key, so that keys pressed again and again would keep it away.
   */
  async pressAt(dialog: RegExp, key: Key): Promise<void> {
    await this.shows(dialog);
    const isClosed = async () => {
      if ((await this.requests()).length === 0) return true;
      if (dialog.test(await this.claude.screen())) await this.press(key);
      return undefined;
    };
    await waitFor(`${key} to be taken`, isClosed, {
      everyMs: 400,
      describe: () => this.claude.screen(),
      timeoutMs: PATIENCE_MS,
    });
  }

  press(...keys: Key[]): Promise<void> {
    return this.claude.input([{ kind: "keys", keys }]);
  }

  async state(wanted: string): Promise<void> {
    const isReached = async () => ((await this.observe()).state === wanted ? true : undefined);
    await waitFor(`state ${wanted}`, isReached, { describe: () => this.claude.screen(), timeoutMs: PATIENCE_MS });
  }

  observe() {
    return this.program.observe(this.agent, undefined, () => this.terminal.screen());
  }

  requests(): Promise<AgentRequest[]> {
    return this.program.requests(this.agent, undefined, () => this.terminal.screen());
  }

  /** So many requests, as soon as they are there. */
  asked(count = 1): Promise<AgentRequest[]> {
    return waitFor(
      `${count} requests`,
      async () => {
        const open = await this.requests();
        return open.length === count ? open : undefined;
      },
      { describe: () => this.claude.screen(), timeoutMs: PATIENCE_MS },
    );
  }

  /** The one request, as soon as it is there. */
  async question(): Promise<AgentRequest> {
    const [request] = await this.asked();
    if (!request) throw new Error("No request");
    return request;
  }

  /** Until the screen shows it; a dialog stands some time after its hook. */
  shows(text: string | RegExp): Promise<string> {
    return waitFor(
      `${text} on the screen`,
      async () => {
        const screen = await this.claude.screen();
        return (typeof text === "string" ? screen.includes(text) : text.test(screen)) ? screen : undefined;
      },
      { describe: () => this.claude.screen(), timeoutMs: PATIENCE_MS },
    );
  }

  answer(request: AgentRequest, decision: Decision) {
    return this.program.answer(this.agent, request, decision, this.terminal);
  }

  /** How the request ended. */
  outcome(request: AgentRequest): Promise<RequestOutcome> {
    return waitFor(
      "the outcome",
      async () => {
        const outcome = await this.program.outcome(this.agent, request, undefined, () => this.terminal.screen());
        return outcome === "open" ? undefined : outcome;
      },
      { describe: () => this.claude.screen(), timeoutMs: PATIENCE_MS },
    );
  }

  /**
   * The transcript's record of the result of the use of a tool that was asked about. It is written some 100 ms after
   * the events that tell its end, and after the agent says idle.
   */
  async result({ evidence: { toolUseId } }: AgentRequest): Promise<string> {
    const file = await this.claude.transcriptPath();
    return waitFor("the result in the transcript", async () => {
      const lines = (await readFile(file, "utf8")).split("\n").slice(0, -1);
      return lines.findLast((line) => line.includes(`"tool_use_id":"${toolUseId}"`));
    });
  }

  /** Hooks that wait, by their processes. */
  async waitingProcesses(): Promise<string[]> {
    const all = await processesOf(this.sandbox.root);
    return all.map(({ command }) => command).filter((command) => / \/bin\/sh -c waiter=|^\d+ cat/.test(command));
  }

  fifos(): Promise<string[]> {
    return readdir(this.claude.files.requests);
  }

  /** Ends the hooks that wait, as a crash would. */
  async killHooks(): Promise<void> {
    for (const command of await this.waitingProcesses()) process.kill(Number.parseInt(command, 10), "SIGKILL");
    await waitFor("no hooks", async () => ((await this.waitingProcesses()).length === 0 ? true : undefined));
  }

  async #screen(): Promise<Screen> {
    return { lines: (await this.claude.screen()).split("\n").map((line) => line.trimEnd()) };
  }
}
