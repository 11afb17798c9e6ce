import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { SessionView } from "../../src/core/session.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { openWorld, type World } from "./support/world.ts";

const RUN = new URL("../../bin/run.js", import.meta.url).pathname;

interface Entry {
  kind: string;
  text?: string;
  from?: string;
}

/** One line of `claude -p --output-format stream-json`. */
interface StreamEvent {
  type: string;
  subtype?: string;
  result?: string;
  tools?: string[];
  mcp_servers?: { name: string; status: string }[];
  message?: { content: unknown };
}

/** What a model gets back for a tool call of its own. */
interface ToolResult {
  type: "tool_result";
  is_error?: boolean;
  content: string | { type: string; text?: string }[];
}

interface ManagerRun {
  tools: string[];
  results: ToolResult[];
  answer: string;
}

/** A directive: the scripted model calls one of our tools. */
function call(tool: string, input: Record<string, unknown>): string {
  return `[[tool mcp__claude-orch__${tool} ${JSON.stringify(input)}]]`;
}

function textOf({ content }: ToolResult): string {
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("");
}

function parsed<T>(result: ToolResult | undefined): T {
  if (result === undefined) throw new Error("The model got no such result");
  if (result.is_error) throw new Error(`The call failed: ${textOf(result)}`);
  try {
    return JSON.parse(textOf(result)) as T;
  } catch (cause) {
    throw new Error(`The model got no JSON: ${textOf(result)}`, { cause });
  }
}

function toolResults(content: unknown): ToolResult[] {
  return Array.isArray(content)
    ? (content as { type: string }[]).filter((block): block is ToolResult => block.type === "tool_result")
    : [];
}

describe.each(claudeVersions("newest"))("a manager on Claude Code $version", (claude) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(claude);
    // As the README says. It lands in the scope that every agent in this folder sees, too.
    await runClaude("mcp", "add", "claude-orch", "--", process.execPath, RUN, "mcp");
  });

  afterAll(() => world?.dispose(), 30_000);

  async function runClaude(...args: string[]): Promise<string> {
    const running = promisify(execFile)(claude.bin, args, {
      env: world.env,
      cwd: world.sandbox.project,
      timeout: 60_000,
      maxBuffer: 1 << 26,
    });
    running.child.stdin?.end();
    return (await running).stdout;
  }

  /**
   * One prompt to the manager; what its model saw. 2.1.197 does not wait for a server that is slow to start (facts §12): on
   * a busy machine the prompt is given again, since without our tools nothing of it was done.
   */
  async function manage(prompt: string, tries = 5): Promise<ManagerRun> {
    const run = await manageOnce(prompt);
    const hasTools = run.tools.some((tool) => tool.startsWith("mcp__claude-orch__"));
    return hasTools || tries <= 1 ? run : manage(prompt, tries - 1);
  }

  async function manageOnce(prompt: string): Promise<ManagerRun> {
    const out = await runClaude(
      ...["-p", prompt, "--allowedTools", "mcp__claude-orch", "--output-format", "stream-json", "--verbose"],
    );
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as StreamEvent);
    return {
      tools: events.find(({ subtype }) => subtype === "init")?.tools ?? [],
      results: events.filter(({ type }) => type === "user").flatMap(({ message }) => toolResults(message?.content)),
      answer: events.find(({ type }) => type === "result")?.result ?? "",
    };
  }

  it("R2-01: makes a session, spawns a worker, prompts it and reads its answer, all by MCP tools", async () => {
    const { results, answer, tools } = await manage(
      [
        call("session_create", { name: "shop", trust: true }),
        call("agent_spawn", { name: "alice" }),
        call("agent_send", { agent: "alice", text: "how many endpoints?", wait: true }),
        call("agent_read", { agent: "alice" }),
        call("status", {}),
        "[[reply managed]]",
      ].join(""),
    );

    expect(answer).toBe("managed");
    expect(tools).toEqual(expect.arrayContaining(["mcp__claude-orch__agent_spawn", "mcp__claude-orch__agent_delete"]));
    expect(results.filter(({ is_error }) => is_error)).toEqual([]);
    const [created, spawned, sent, read, status] = results;
    expect(parsed<{ session: SessionView }>(created).session).toMatchObject({
      name: "shop",
      root: world.sandbox.project,
      backend: "tmux",
    });
    const { agent } = parsed<{ agent: AgentView }>(spawned);
    expect(agent).toMatchObject({ name: "alice", state: "idle", claudeVersion: claude.version });
    expect(parsed<{ message: MessageView }>(sent).message).toMatchObject({
      state: "answered",
      answer: { text: "echo: how many endpoints?" },
    });
    const conversation = parsed<{ entries: Entry[]; answer: { text: string } }>(read);
    expect(conversation.answer.text).toBe("echo: how many endpoints?");
    expect(conversation.entries).toMatchObject([
      { kind: "prompt", text: "how many endpoints?", from: "orchestrator" },
      { kind: "text" },
    ]);
    expect(parsed<{ agents: AgentView[] }>(status).agents).toMatchObject([{ id: agent.id, state: "idle" }]);

    // The worker itself, not only our word for it: the prompt went out in its own conversation, from a live terminal.
    const asked = world.model.requests.filter(
      ({ kind, prompt }) => kind === "turn" && prompt === "how many endpoints?",
    );
    expect(asked).toHaveLength(1);
    expect(asked[0]?.userId).toContain(agent.conversationId);
    expect(await world.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}")).toContain(
      `${agent.terminal} ${agent.pid}`,
    );
  }, 90_000);

  it.runIf(claude.name === "newest")(
    "R3-53, R4-82: Claude Code finds our tools by the words of people's requests, among those that its model then sees",
    async () => {
      // It does not load all tools at once: its model searches for them. Which one it takes, no model here can tell.
      const asked = {
        "submit a task to write unit tests": "task_submit",
        "create a feature development workflow": "workflow_run",
        "list running agents": "agent_list",
        "agents waiting for a person's input": "inbox",
        "spawn two agents": "agent_spawn",
        "send a prompt to an agent": "agent_send",
        "collect the answers of the agents": "agent_read",
      };
      const searches = Object.keys(asked).map((query) => `[[tool ToolSearch ${JSON.stringify({ query })}]]`);

      const { results } = await manage(`${searches.join("")}[[reply found]]`);

      const found = results.map(({ content }) => JSON.stringify(content));
      const missed = Object.entries(asked).filter(
        ([, tool], index) => !found[index]?.includes(`claude-orch__${tool}"`),
      );
      expect([found.length, missed], found.join("\n")).toEqual([searches.length, []]);
    },
    60_000,
  );

  it("R1-32, R4-10: agents of one session reach each other, in an envelope, without asking a person; and nothing else", async () => {
    const { results } = await manage(
      [
        call("agent_spawn", { name: "bob", session: "shop" }),
        call("session_create", { name: "other", backend: "fake" }),
        call("agent_spawn", { name: "carol", session: "other" }),
        "[[reply done]]",
      ].join(""),
    );
    const carol = parsed<{ agent: AgentView }>(results[2]).agent;
    const prompt = [
      call("agent_list", {}),
      call("agent_send", { agent: "bob", text: "[[reply 14 endpoints]]", wait: true }),
      call("agent_read", { agent: "bob" }),
      call("agent_send", { agent: "other/carol", text: "can you hear me?" }),
      call("agent_read", { agent: carol.id }),
      call("agent_spawn", { name: "mallory" }),
      call("agent_delete", { agent: "bob", force: true }),
      "[[reply asked around]]",
    ].join("");

    const { message } = parsed<{ message: MessageView }>(
      (await manage(`${call("agent_send", { agent: "alice", text: prompt, wait: true, timeout: "40s" })}[[reply ok]]`))
        .results[0],
    );

    expect(message.answer?.text).toBe("asked around");
    const [list, sent, read, ...refused] = await resultsIn("alice");
    const [foreignSend, foreignRead, spawn, remove] = refused.map(textOf);
    expect(parsed<{ agents: AgentView[] }>(list).agents.map(({ name }) => name)).toEqual(["alice", "bob"]);
    expect(parsed<{ message: MessageView }>(sent).message).toMatchObject({ answer: { text: "14 endpoints" } });
    const [asked] = parsed<{ entries: Entry[] }>(read).entries;
    expect(asked).toMatchObject({ kind: "prompt", from: "agent" });
    expect(asked?.text).toMatch(/^\[Message from agent alice in session shop\b[^\n]*\]\n\[\[reply 14 endpoints\]\]$/);
    for (const foreign of [foreignSend, foreignRead]) {
      // 2.1.330 loads tools when they are first called, and explains itself behind an error.
      expect(JSON.parse(foreign?.split("\n")[0] ?? "")).toMatchObject({ error: { code: "PERMISSION_DENIED" } });
    }
    // Not even seen, although the manager's own entry in this folder has the same name.
    for (const missing of [spawn, remove]) expect(missing).toMatch(/no such tool/i);
    const everyone = (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>().agents;
    expect(everyone.map(({ name }) => name).sort()).toEqual(["alice", "bob", "carol"]);
  }, 90_000);

  /** The tool results in an agent's transcript, as its model got them. */
  async function resultsIn(name: string): Promise<ToolResult[]> {
    const { agent } = (await world.cli(["agent", "show", name, "--json"])).json<{ agent: AgentView }>();
    const folder = world.sandbox.project.replaceAll(/[^A-Za-z0-9]/g, "-");
    const file = path.join(world.sandbox.configDir, "projects", folder, `${agent.conversationId}.jsonl`);
    return (
      (await readFile(file, "utf8"))
        .split("\n")
        .filter((line) => line.includes('"tool_result"'))
        .map((line) => JSON.parse(line) as StreamEvent)
        // Newer versions also keep copies of what went to the model (api-request-blob).
        .filter(({ type }) => type === "user")
        .flatMap(({ message }) => toolResults(message?.content))
    );
  }
});
