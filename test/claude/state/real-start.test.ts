import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareLaunch } from "../../../src/claude/launch/prepare-launch.ts";
import { type ScriptedModel, startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import { ClaudeReader } from "../../../src/claude/state/claude-reader.ts";
import type { Agent, StateReport } from "../../../src/core/agent.ts";
import type { LaunchRequest } from "../../../src/core/ports/agent-program.ts";
import type { TerminalStatus } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { type ClaudeSandbox, claudeSandbox, claudeVersions } from "../../support/claude-sandbox.ts";
import { launchRequest } from "../../support/launched-claude.ts";
import { TmuxDriver } from "../../support/tmux-driver.ts";
import { waitFor } from "../../support/wait-for.ts";

/** How the real program begins and ends. */
describe.each(claudeVersions())("Claude Code $version", (version) => {
  const clock = new SystemClock();
  let model: ScriptedModel;
  let sandbox: ClaudeSandbox;
  let driver: TmuxDriver;

  beforeEach(async () => {
    model = await startScriptedModel({ clock });
    sandbox = await claudeSandbox(version, model.url);
    driver = new TmuxDriver(sandbox.env);
  });
  afterEach(async () => {
    await driver.dispose();
    await model.close();
    await sandbox.dispose();
  });

  async function launch(change: (request: LaunchRequest) => LaunchRequest) {
    const home = join(sandbox.root, "orch home");
    const request = change(launchRequest(sandbox, { lifecycle: "open", launchedAt: clock.now() }));
    const agent: Agent = { ...request.agent, conversationId: request.conversation.id };
    const { launcher } = await prepareLaunch(request, { home });
    const pane = await driver.open(launcher, sandbox.root);
    const reader = new ClaudeReader({ home, clock, runner: new SystemProcesses() });
    const lines = async () => (await driver.screen(pane)).split("\n");
    const observe = (terminal?: TerminalStatus) =>
      reader.observe(agent, terminal, async () => ({ lines: await lines() }));
    const reached = (state: string, terminal?: TerminalStatus): Promise<StateReport> =>
      waitFor(
        `state ${state}`,
        async () => {
          const report = await observe(terminal);
          return report.state === state ? report : undefined;
        },
        { describe: async () => (await lines()).join("\n"), everyMs: 50 },
      );
    return { pane, observe, reached };
  }

  test("R2-05: waits at the trust question, and gets idle once it is answered; /exit ends it", async () => {
    const file = join(sandbox.configDir, ".claude.json");
    const config = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    await writeFile(file, JSON.stringify({ ...config, projects: {} }));
    const { pane, observe, reached } = await launch((request) => ({
      ...request,
      session: { ...request.session, isTrusted: false },
    }));

    const asked = await reached("waiting");

    expect(asked.waitingFor).toMatchObject({ kind: "dialog", summary: "Do you trust the files in this folder?" });
    const yes = "Yes, I trust this folder";
    expect(asked.waitingFor?.options?.toSorted()).toEqual(["No, exit", yes]);
    const steps = asked.waitingFor?.options?.indexOf(yes) ?? 0;
    await waitFor(
      "the question to be answered",
      async () => {
        if (!(await driver.screen(pane)).includes(yes)) return true;
        const isSelected = new RegExp(`❯ (?:1\\. )?${yes}`).test(await driver.screen(pane));
        await driver.input(pane, [{ kind: "keys", keys: [isSelected || steps === 0 ? "Enter" : "Down"] }]);
        return undefined;
      },
      { everyMs: 300 },
    );
    await reached("idle");

    await waitFor(
      "its end",
      async () => {
        await driver.input(pane, [{ kind: "keys", keys: ["C-d"] }]);
        return (await observe()).state === "exited" || undefined;
      },
      { everyMs: 300 },
    );
    expect((await reached("exited", { exists: true, isRunning: false, exitCode: 0 })).because).toMatch(/SessionEnd/);
  });

  test("R2-17: a launch that fails says why", async () => {
    const { observe, reached } = await launch((request) => ({
      ...request,
      conversation: { id: randomUUID(), mode: "resume" },
    }));
    await waitFor("its end", async () => ["exited", "errored"].includes((await observe()).state) || undefined);

    const { error } = await reached("errored", { exists: true, isRunning: false, exitCode: 1 });

    // The newest version leaves nothing on the screen.
    expect(error).toMatchObject({
      kind: "launch",
      message: expect.stringMatching(/No conversation found|exit code 1/),
    });
  });
});
