import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planInput } from "../../../src/claude/input/plan-input.ts";
import { type ScriptedModel, startScriptedModel } from "../../../src/claude/scripted-model/scripted-model.ts";
import { AppError } from "../../../src/core/errors.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { type ClaudeSandbox, claudeSandbox, claudeVersions } from "../../support/claude-sandbox.ts";
import { type HostilePrompt, hostilePrompts } from "../../support/hostile-prompts.ts";
import { LaunchedClaude } from "../../support/launched-claude.ts";
import { TmuxDriver } from "../../support/tmux-driver.ts";

const clock = new SystemClock();
const ids = new SystemIds(clock);

for (const claude of claudeVersions()) {
  describe(`Claude Code ${claude.version}`, () => {
    let model: ScriptedModel;
    let sandbox: ClaudeSandbox;
    let driver: TmuxDriver;
    let agent: LaunchedClaude;

    beforeAll(async () => {
      model = await startScriptedModel({ clock, reply: () => [{ kind: "text", text: "ok" }] });
      sandbox = await claudeSandbox(claude, model.url);
      await writeFile(path.join(sandbox.project, "README.md"), "# Project\n");
      await writeFile(path.join(sandbox.project, "shot.png"), "not really an image");
      driver = new TmuxDriver({ PATH: sandbox.env.PATH ?? "", SANDBOX: sandbox.root });
      agent = await LaunchedClaude.start(sandbox, driver);
    }, 60_000);

    afterAll(async () => {
      await driver?.dispose();
      await model?.close();
      await sandbox?.dispose();
    }, 30_000);

    it.each(hostilePrompts())("R2-03: $name", { timeout: 30_000 }, async (prompt) => {
      const plan = await planOrCode(prompt);
      if (prompt.refused !== undefined || typeof plan === "string") {
        expect(plan).toBe(prompt.refused);
        return;
      }
      expect(plan.expected).toBe(prompt.expected ?? prompt.text);

      const { end } = await agent.events();
      await agent.input(plan.fill);
      expect(await (plan.settle?.() ?? true)).toBe(true);
      await agent.input(plan.submit);
      // A swallowed Enter is repeated, as `agent send` does while nothing proves a submission.
      const isSubmitted = await agent.event("UserPromptSubmit", end, 4000).catch(() => undefined);
      if (isSubmitted === undefined) await agent.input(plan.submit);

      const [submitted] = await Promise.all([agent.event("UserPromptSubmit", end), agent.event("Stop", end)]);
      expect(submitted.prompt).toBe(plan.expected);
      expect(await agent.recorded(submitted.prompt_id ?? "")).toEqual([plan.expected]);
      await agent.status("idle");
    });

    function planOrCode(prompt: HostilePrompt) {
      const options = { folder: agent.files.input, clock, ids, isExact: prompt.isExact ?? false };
      return planInput(prompt.text, options).catch((error: unknown) => {
        if (error instanceof AppError) return error.code;
        throw error;
      });
    }
  });
}
