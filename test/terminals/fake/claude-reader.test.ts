import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClaudeReader } from "../../../src/claude/state/claude-reader.ts";
import type { Agent, TerminalRef } from "../../../src/core/agent.ts";
import { ProcessesWithFakes } from "../../../src/terminals/fake/processes.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type FakeHarness, makeFakeHarness } from "./fake-harness.ts";

describe("what a fake agent leaves behind, read by the reader of real ones", () => {
  let fake: FakeHarness;
  let ref: TerminalRef;
  let reader: ClaudeReader;
  let agent: Agent;

  beforeEach(async () => {
    fake = await makeFakeHarness();
    const { home, clock, processes } = fake.options;
    reader = new ClaudeReader({ home, clock, runner: new ProcessesWithFakes(processes, home) });
    const launchedAt = clock.now();
    ref = await fake.backend.open(await fake.request());
    const { conversationId, launch } = await fake.state(ref);
    agent = {
      id: "agt_1",
      sessionId: "ses_1",
      number: 1,
      name: "worker-1",
      role: "general",
      model: null,
      permissionMode: "default",
      layout: "tab",
      cwd: launch.cwd,
      systemPrompt: null,
      protocol: null,
      claudeArgs: [],
      envNames: [],
      parentId: null,
      worktree: null,
      configDir: fake.configDir,
      claudeBin: "claude",
      claudeVersion: "2.1.329",
      conversationId,
      terminal: ref,
      lifecycle: "open",
      launchedAt,
      isAdopted: false,
      tokenHash: "",
      createdAt: launchedAt,
    };
  });
  afterEach(() => fake.dispose());

  async function observe() {
    const [status] = await fake.backend.status([ref]);
    return reader.observe(agent, status, () => fake.backend.screen(ref));
  }

  it("is idle, delivered, recorded and answered", async () => {
    expect(await observe()).toMatchObject({ state: "idle" });
    const position = await reader.position(agent);
    const conversation = agent.conversationId ?? "";

    await fake.send(ref, '[[tool Bash {"command":"ls"}]][[reply listed]]');

    const text = '[[tool Bash {"command":"ls"}]][[reply listed]]';
    const delivery = await reader.delivery(agent, conversation, text, position);
    expect(delivery).toMatchObject({ submitted: { promptId: delivery.recorded?.promptId } });
    const turn = await reader.turn(agent, conversation, delivery.submitted?.promptId ?? "", position.transcript);
    expect(turn).toMatchObject({
      isOver: true,
      answer: { text: "listed", stopReason: "end_turn", interrupted: false },
    });
    expect(turn?.answer.toolUses).toMatchObject([{ name: "Bash", input: { command: "ls" }, isError: false }]);
  });

  it.each([
    ["[[sleep 1h]]", { state: "working" }],
    ["[[permission Bash {}]]", { state: "waiting", waitingFor: { kind: "permission", tool: "Bash" } }],
    ["[[question Which? | Red | Blue]]", { state: "waiting", waitingFor: { kind: "question", summary: "Which?" } }],
    ["[[error 401]]", { state: "errored", error: { kind: "auth" } }],
    ["[[error 429 retry-after 30]]", { state: "errored", error: { kind: "rate_limit", retryAt: expect.any(String) } }],
    ["[[error 500]]", { state: "errored", error: { kind: "api" } }],
    ["[[crash]]", { state: "errored", error: { kind: "crash" } }],
    ["[[exit 3]]", { state: "exited", exitCode: 3 }],
  ])("shows the state after %s", async (prompt, expected) => {
    await fake.send(ref, prompt);

    expect(await observe()).toMatchObject(expected);
  });

  it("is idle again after an interruption, and the screen shows the draft", async () => {
    await fake.send(ref, "[[sleep 1h]]");
    await fake.backend.input(ref, [{ kind: "keys", keys: ["Escape"] }]);

    // Claude Code says idle some ms before it tells that a turn failed: what never gets its end event is believed later.
    await waitFor("the agent to be idle", async () => ((await observe()).state === "idle" ? true : undefined));
    expect(reader.draft(await fake.backend.screen(ref))).toBe("[[sleep 1h]]");
  });
});
