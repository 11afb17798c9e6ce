import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { prepareLaunch } from "../../../src/claude/launch/prepare-launch.ts";
import { startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import { claudeSandbox, claudeVersions } from "../../support/claude-sandbox.ts";
import { launchRequest } from "../../support/launched-claude.ts";
import { makeTmuxHarness } from "./tmux-harness.ts";

describe.each(claudeVersions())("the tmux backend with Claude Code $version", (claude) => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step();
  });

  it("launches it, types a prompt, reads its screen and closes it without leaving a process", async () => {
    const harness = await makeTmuxHarness();
    const model = await startScriptedModel({ clock: harness.options.clock });
    const sandbox = await claudeSandbox(claude, model.url);
    // The sandbox fails when a process is left, so the terminals go first.
    cleanUp.push(harness.dispose, model.close, sandbox.dispose);
    const home = join(sandbox.root, "orch home");
    const request = launchRequest(sandbox);
    const { backend } = harness;
    const plan = await prepareLaunch(request, { home });
    const spool = () => readFile(join(home, "agents", request.agent.id, "events.jsonl"), "utf8").catch(() => "");

    const ref = await backend.open({
      launcher: plan.launcher,
      cwd: sandbox.project,
      title: plan.title,
      layout: "tab",
      tag: request.tag,
      group: { id: request.session.id, name: request.session.name },
    });
    await vi.waitFor(async () => {
      const [status] = await backend.status([ref]);
      const session = await readFile(join(sandbox.configDir, "sessions", `${status?.pid}.json`), "utf8");
      expect(session).toMatch(/"status": ?"idle"/);
    }, 20_000);
    await backend.input(ref, [
      { kind: "text", text: "what a day; grüße", isBracketed: true },
      { kind: "keys", keys: ["Home", "Enter"] },
    ]);

    // 2.1.197 writes `idle` before it reads keys: an Enter of the first instants can be lost, the text is not.
    await vi.waitFor(
      async () => {
        if ((await spool()).includes('"UserPromptSubmit"')) return;
        await backend.input(ref, [{ kind: "keys", keys: ["Enter"] }]);
        throw new Error("not submitted yet");
      },
      { timeout: 10_000, interval: 500 },
    );
    await vi.waitFor(
      async () => expect(await spool()).toContain('"last_assistant_message":"echo: what a day; grüße"'),
      20_000,
    );
    await vi.waitFor(async () => {
      const screen = await backend.screen(ref);
      expect(screen.lines.join("\n")).toContain("echo: what a day; grüße");
      expect(screen.title).toContain(request.agent.name);
    }, 5_000);

    await backend.close(ref);
    expect(await spool()).toContain('"hook_event_name":"SessionEnd"');
  }, 60_000);
});
