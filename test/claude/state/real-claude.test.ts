import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import { ClaudeReader } from "../../../src/claude/state/claude-reader.ts";
import type { Agent, StateReport } from "../../../src/core/agent.ts";
import type { Key, Screen, TerminalStatus } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { type ClaudeSandbox, claudeSandbox, claudeVersions } from "../../support/claude-sandbox.ts";
import { LaunchedClaude, launchRequest } from "../../support/launched-claude.ts";
import { TmuxDriver } from "../../support/tmux-driver.ts";
import { waitFor } from "../../support/wait-for.ts";

/** The reader against the real program, in the order in which a person could have gone through it. */
describe.each(claudeVersions())("Claude Code $version", (version) => {
  const clock = new SystemClock();
  let model: ScriptedModel;
  let sandbox: ClaudeSandbox;
  let driver: TmuxDriver;
  let claude: LaunchedClaude;
  let reader: ClaudeReader;
  let agent: Agent;
  let terminal: TerminalStatus | undefined;

  beforeAll(async () => {
    model = await startScriptedModel({ clock });
    sandbox = await claudeSandbox(version, model.url);
    driver = new TmuxDriver(sandbox.env);
    const request = launchRequest(sandbox, { lifecycle: "open", launchedAt: clock.now() });
    claude = await LaunchedClaude.start(sandbox, driver, request);
    agent = { ...request.agent, conversationId: request.conversation.id };
    reader = new ClaudeReader({ home: `${sandbox.root}/orch home`, clock, runner: new SystemProcesses() });
    terminal = { exists: true, isRunning: true };
  });

  afterAll(async () => {
    await driver?.dispose();
    await model?.close();
    await sandbox?.dispose();
  });

  async function screen(): Promise<Screen> {
    return { lines: (await claude.screen()).split("\n").map((line) => line.trimEnd()) };
  }

  function observe(): Promise<StateReport> {
    return reader.observe(agent, terminal, screen);
  }

  /** Watches the evidence until the state is reached. */
  function reached(state: string): Promise<StateReport> {
    return waitFor(
      `state ${state}`,
      async () => {
        const report = await observe();
        if (report.state === state) return report;
        await reader.watch([agent], 500);
        return undefined;
      },
      { describe: async () => `${JSON.stringify(await observe())}\n${await claude.screen()}` },
    );
  }

  async function send(text: string) {
    const position = await reader.position(agent);
    await claude.input([
      { kind: "text", text, isBracketed: true },
      { kind: "keys", keys: ["Home", "Enter"] },
    ]);
    return position;
  }

  function press(...keys: Key[]): Promise<void> {
    return claude.input([{ kind: "keys", keys }]);
  }

  /** Sends a prompt and proves that it arrived; an Enter that was swallowed is repeated, alone. */
  async function delivered(text: string) {
    const position = await send(text);
    const enterAgainAt = clock.monotonic() + 2000;
    const proof = await waitFor(
      `record of ${text}`,
      async () => {
        const found = await reader.delivery(agent, claude.request.conversation.id, text, position);
        if (found.submitted && found.recorded) return { ...found.recorded, submitted: found.submitted };
        const isSwallowed = !found.submitted && clock.monotonic() > enterAgainAt;
        if (isSwallowed && reader.draft(await screen()) === text) await press("Enter");
        return undefined;
      },
      { describe: () => claude.screen(), everyMs: 20 },
    );
    expect(proof.promptId).toBe(proof.submitted.promptId);
    expect(Math.abs(proof.at - clock.now())).toBeLessThan(10_000);
    return { promptId: proof.promptId ?? "", position };
  }

  function finished(promptId: string, from: number) {
    return waitFor(`end of turn ${promptId}`, async () => {
      const turn = await reader.turn(agent, claude.request.conversation.id, promptId, from);
      return turn?.isOver ? turn.answer : undefined;
    });
  }

  test("R2-05: is idle when it is ready, with an empty box", async () => {
    const report = await reached("idle");

    expect(report).toMatchObject({ pid: await claude.pid() });
    expect(report.because).toMatch(/session file says idle/);
    expect(reader.draft(await screen())).toBe("");
  });

  test("R2-04: proves a delivery and reads the answer of just this turn", async () => {
    const first = await delivered("what is it? [[reply forty-two]]");
    const answer = await finished(first.promptId, first.position.transcript);
    await reached("idle");
    const second = await delivered("again [[think hm]][[reply forty-three]]");

    expect(answer).toMatchObject({ text: "forty-two", isError: false, interrupted: false, stopReason: "end_turn" });
    expect(await finished(second.promptId, second.position.transcript)).toMatchObject({ text: "forty-three" });
    expect(await reader.lastAnswer(agent, claude.request.conversation.id)).toMatchObject({
      promptId: second.promptId,
      turn: { isOver: true, answer: { text: "forty-three" } },
    });
  });

  test("R2-05: is working while the model streams, idle after Esc, and the turn says interrupted", async () => {
    await reached("idle");
    const { promptId, position } = await delivered("count [[stream 100 x 100ms]]");
    const working = await reached("working");
    await waitFor("some words", async () => ((await claude.screen()).includes("esc to interrupt") ? true : undefined));
    const early = await reader.turn(agent, claude.request.conversation.id, promptId, position.transcript);
    await press("Escape");
    const idle = await reached("idle");

    expect(working.because).toMatch(/UserPromptSubmit/);
    expect(early?.isOver).toBe(false);
    expect(idle.because).toMatch(/interrupted/);
    await waitFor("an empty box", async () => reader.draft(await screen()) !== undefined || undefined);
    await press("C-c");
    await waitFor("an empty box", async () => (reader.draft(await screen()) === "" ? true : undefined));
  });

  test("R2-05: waits for a permission, and the tool's failure is in the answer", async () => {
    await reached("idle");
    const { promptId, position } = await delivered(
      '[[tool Bash {"command":"rm -f nothing; touch made; false","description":"Try"}]]',
    );
    const waiting = await reached("waiting");
    await waitFor("the dialog", async () => ((await claude.screen()).includes("Esc to cancel") ? true : undefined));

    expect(waiting.waitingFor).toMatchObject({ kind: "permission", tool: "Bash" });
    expect(waiting.waitingFor?.summary).toContain("touch made");
    expect((await observe()).waitingFor?.requestId).toBe(waiting.waitingFor?.requestId);
    expect(reader.draft(await screen())).toBeUndefined();
    // Right after it appeared, the dialog may still ignore a key.
    await waitFor(
      "the dialog to be answered",
      async () => {
        await press("Enter");
        return (await observe()).state === "waiting" ? undefined : true;
      },
      { everyMs: 500 },
    );
    const answer = await finished(promptId, position.transcript);
    expect(answer.toolUses).toMatchObject([{ name: "Bash", isError: true }]);
    await reached("idle");
  });

  test("R2-05: an API error is an error until the next prompt", async () => {
    const { promptId, position } = await delivered("break [[error 400]]");
    const report = await reached("errored");

    expect(report.error?.kind).toBe("api");
    expect(await finished(promptId, position.transcript)).toMatchObject({ isError: true });
    const next = await delivered("better");
    expect(await finished(next.promptId, next.position.transcript)).toMatchObject({ text: "echo: better" });
    await reached("idle");
  });

  test("R2-21: entries and usage cover the conversation", async () => {
    const conversationId = claude.request.conversation.id;
    const page = await reader.entries(agent, conversationId, { include: new Set(["tools"]) }, () => "person");
    const usage = await reader.usage(agent, [conversationId]);

    const texts = page.entries.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["forty-two", "forty-three", "echo: better"]));
    expect(page.entries.filter(({ kind }) => kind === "prompt").every(({ promptId }) => promptId !== null)).toBe(true);
    expect(usage.outputTokens).toBeGreaterThan(0);
  });

  test("notices that /clear began another conversation", async () => {
    await send("/clear");
    const id = await waitFor("another conversation", () => reader.currentConversation(agent));

    expect(id).not.toBe(agent.conversationId);
    agent = { ...agent, conversationId: id };
    expect(await reader.currentConversation(agent)).toBeUndefined();
    expect((await reached("idle")).state).toBe("idle");
  });

  test("R1-07: a killed process is a crash, not an exit", async () => {
    process.kill(await claude.pid(), "SIGKILL");
    terminal = undefined;

    expect(await reached("errored")).toMatchObject({ error: { kind: "crash" } });
  });
});
