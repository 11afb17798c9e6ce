import { randomUUID } from "node:crypto";
import { open, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type AgentFiles, agentFiles } from "../../src/claude/launch/agent-files.ts";
import { prepareLaunch } from "../../src/claude/launch/prepare-launch.ts";
import type { Agent } from "../../src/core/agent.ts";
import type { LaunchRequest } from "../../src/core/ports/agent-program.ts";
import type { InputStep } from "../../src/core/ports/terminal-backend.ts";
import type { Session } from "../../src/core/session.ts";
import type { ClaudeSandbox } from "./claude-sandbox.ts";
import { role } from "./role.ts";
import type { TmuxDriver } from "./tmux-driver.ts";
import { waitFor } from "./wait-for.ts";

export interface HookEvent {
  hook_event_name: string;
  prompt?: string;
  prompt_id?: string;
  source?: string;
  last_assistant_message?: string;
  transcript_path?: string;
}

/** A launch request with sensible values for everything that a test does not care about. */
export function launchRequest(sandbox: ClaudeSandbox, changes: Partial<Agent> = {}): LaunchRequest {
  const conversationId = randomUUID();
  const agent: Agent = {
    id: "agt_test",
    sessionId: "ses_test",
    number: 1,
    name: "Agent_1",
    role: "worker",
    model: null,
    permissionMode: "default",
    layout: "tab",
    cwd: sandbox.project,
    systemPrompt: null,
    protocol: null,
    claudeArgs: [],
    envNames: [],
    parentId: null,
    worktree: null,
    configDir: sandbox.configDir,
    claudeBin: sandbox.claude.bin,
    claudeVersion: sandbox.claude.version,
    conversationId,
    terminal: null,
    lifecycle: "opening",
    launchedAt: null,
    isAdopted: false,
    tokenHash: "",
    createdAt: 0,
    ...changes,
  };
  const session: Session = {
    id: "ses_test",
    name: "app",
    root: sandbox.project,
    maxAgents: 16,
    securityLevel: "medium",
    backend: "tmux",
    backendReason: null,
    isTrusted: true,
    policy: [],
    protocol: null,
    nextAgentNumber: 2,
    createdAt: 0,
  };
  return {
    agent,
    session,
    role: role({ name: agent.role }),
    protocol: null,
    env: sandbox.env,
    conversation: { id: conversationId, mode: "new" },
    tag: "nce_test",
    workerToken: "made-up-worker-token",
    // It says that its tools are connected, and has none.
    mcpCommand: ["/bin/sh", "-c", ': >"$CLAUDE_ORCH_CONNECTED_FILE"; exec cat'],
    autoResume: true,
  };
}

/** A real Claude Code that was launched as an agent in a real terminal, with its evidence at hand. */
export class LaunchedClaude {
  readonly request: LaunchRequest;
  readonly files: AgentFiles;
  readonly pane: string;
  readonly #driver: TmuxDriver;

  private constructor(request: LaunchRequest, files: AgentFiles, pane: string, driver: TmuxDriver) {
    this.request = request;
    this.files = files;
    this.pane = pane;
    this.#driver = driver;
  }

  /** Without `isReady` it does not wait for the input box: a dialog may stand before it. */
  static async start(
    sandbox: ClaudeSandbox,
    driver: TmuxDriver,
    request = launchRequest(sandbox),
    { isReady = true } = {},
  ) {
    const home = path.join(sandbox.root, "orch home");
    const plan = await prepareLaunch(request, { home });
    const pane = await driver.open(plan.launcher, sandbox.root);
    const launched = new LaunchedClaude(request, agentFiles(home, request.agent.id), pane, driver);
    if (isReady) await launched.status("idle");
    return launched;
  }

  async pid(): Promise<number> {
    return Number(await readFile(this.files.pid, "utf8"));
  }

  /** Waits until Claude Code's own session file says so. */
  async status(wanted: string): Promise<void> {
    const folder = path.join(this.request.agent.configDir, "sessions");
    await waitFor(
      `status ${wanted}`,
      async () => {
        const files = (await readdir(folder).catch(() => [])).filter((name) => /^\d+\.json$/.test(name));
        for (const file of files) {
          const text = await readFile(path.join(folder, file), "utf8").catch(() => "");
          const hasStatus = text.includes(`"status":"${wanted}"`) || text.includes(`"status": "${wanted}"`);
          if (text.includes(this.request.conversation.id) && hasStatus) return true;
        }
        return undefined;
      },
      { describe: () => this.screen(), timeoutMs: 20_000 },
    );
  }

  input(steps: readonly InputStep[]): Promise<void> {
    return this.#driver.input(this.pane, steps);
  }

  screen(): Promise<string> {
    return this.#driver.screen(this.pane);
  }

  /** Complete hook events from a byte offset of the spool on. */
  async events(from = 0): Promise<{ events: HookEvent[]; end: number }> {
    const bytes = await readFrom(this.files.spool, from);
    const complete = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    const lines = complete.toString("utf8").split("\n").slice(0, -1);
    const json = lines.map((line) => line.replace(/^\{"claude_orch_waiter":"[^"]*"\}/, ""));
    return { events: json.map((text) => JSON.parse(text) as HookEvent), end: from + complete.length };
  }

  /** The first event after `from` that fits. */
  event(name: string, from = 0, timeoutMs = 15_000): Promise<HookEvent> {
    const find = async () => (await this.events(from)).events.find((event) => event.hook_event_name === name);
    return waitFor(`event ${name}`, find, { timeoutMs, describe: () => this.screen() });
  }

  async transcriptPath(): Promise<string> {
    const { transcript_path } = await this.event("SessionStart");
    return transcript_path ?? "";
  }

  /** Texts of the user records of this turn's prompt, as soon as the transcript holds one. */
  async recorded(promptId: string): Promise<string[]> {
    const file = await this.transcriptPath();
    return waitFor("the transcript's user record", async () => {
      const text = await readFile(file, "utf8").catch(() => "");
      const complete = text
        .slice(0, text.lastIndexOf("\n") + 1)
        .split("\n")
        .slice(0, -1);
      const prompts = complete.filter((line) => line.includes(promptId)).flatMap(promptOf);
      return prompts.length > 0 ? prompts : undefined;
    });
  }
}

interface TranscriptRecord {
  type?: string;
  isMeta?: boolean;
  message?: { content?: string | { type: string; text?: string }[] };
}

function promptOf(line: string): string[] {
  const { type, isMeta, message } = JSON.parse(line) as TranscriptRecord;
  if (type !== "user" || isMeta === true) return [];
  if (typeof message?.content === "string") return [message.content];
  return (message?.content ?? []).flatMap((block) => (block.type === "text" ? [block.text ?? ""] : []));
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - offset));
    await handle.read(buffer, 0, buffer.length, offset);
    return buffer;
  } finally {
    await handle.close();
  }
}
