import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { QuestionAnswer } from "../../../src/core/request.ts";
import { claudeVersions } from "../../support/claude-sandbox.ts";
import { codeOf } from "../../support/code-of.ts";
import { waitFor } from "../../support/wait-for.ts";
import { RequestWorld } from "./world.ts";

const choice = (...choices: number[]): QuestionAnswer => ({ choices, text: null });
/** The machine may be busy with other tests. */
const PATIENT = { timeout: 60_000 };
const bash = (command: string) => `[[tool Bash {"command":"${command}","description":"Try"}]]`;
/** The dialog, not the prompt above it, which holds the command as well. */
const dialogOf = (command: string) => new RegExp(`${command}[^●]*Do you want to proceed[^●]*Esc to cancel`);
const parts = {
  question: "Which parts?",
  header: "Parts",
  multiSelect: true,
  options: [
    { label: "API", description: "a" },
    { label: "UI", description: "b" },
    { label: "Docs", description: "c" },
  ],
};
const speed = {
  question: "How fast?",
  header: "Speed",
  multiSelect: false,
  options: [
    { label: "Fast", description: "x" },
    { label: "Slow", description: "y" },
  ],
};

describe.each(claudeVersions("newest"))(
  "requests answered by the hook that waits, Claude Code $version",
  PATIENT,
  (version) => {
    let world: RequestWorld;
    beforeAll(async () => {
      world = await RequestWorld.start(version);
    });
    afterAll(() => world?.dispose());

    const made = (file: string) =>
      stat(join(world.sandbox.project, file)).then(
        () => true,
        () => false,
      );

    test("allowed: the tool runs, no key is pressed, and the state leaves waiting at once", async () => {
      await world.send(`one ${bash("touch one; rm -f none")}`);
      const request = await world.question();
      const report = await world.observe();
      const seen = await world.claude.screen();

      expect(request).toMatchObject({
        kind: "permission",
        tool: "Bash",
        summary: "Bash: touch one; rm -f none",
        input: { command: "touch one; rm -f none" },
        via: "hook",
        canRemember: true,
      });
      expect(report.waitingFor?.requestId).toBe(request.requestId);
      const begin = performance.now();
      expect(await world.answer(request, { kind: "allow", remember: false })).toEqual({ via: "hook" });
      await waitFor("no waiting", async () => ((await world.observe()).state === "waiting" ? undefined : true));
      expect(performance.now() - begin).toBeLessThan(5000);
      expect(await world.outcome(request)).toBe("allowed");
      await world.state("idle");
      expect(await made("one")).toBe(true);
      expect(seen).not.toContain("Allowed by");
      expect(await world.requests()).toEqual([]);
      expect(await world.fifos()).toEqual([]);
      expect(await codeOf(world.answer(request, { kind: "allow", remember: false }))).toBe("REQUEST_CLOSED");
    });

    test("refused with a reason: the model is told, and the turn goes on", async () => {
      await world.send(`two ${bash("touch two; rm -f none")}`);
      const request = await world.question();
      expect(await codeOf(world.answer(request, { kind: "choose", answers: [choice(0)] }))).toBe(
        "REQUEST_ANSWER_INVALID",
      );
      await world.answer(request, { kind: "deny", reason: 'not "now", says the boss' });

      expect(await world.outcome(request)).toBe("denied");
      await world.state("idle");
      expect(await made("two")).toBe(false);
      expect(await world.result(request)).toContain('not \\"now\\", says the boss');
    });

    test("a tool that was allowed and fails was allowed all the same", async () => {
      await world.send(`fail ${bash("touch three; false")}`);
      const request = await world.question();
      await world.answer(request, { kind: "allow", remember: false });

      expect(await world.outcome(request)).toBe("allowed");
      await world.state("idle");
    });

    test("two answers at once: exactly one wins", async () => {
      await world.send(`race ${bash("touch four; rm -f none")}`);
      const request = await world.question();
      const results = await Promise.allSettled([
        world.answer(request, { kind: "allow", remember: false }),
        world.answer(request, { kind: "deny", reason: "no" }),
        world.answer(request, { kind: "allow", remember: false }),
      ]);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const losers = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
      expect(losers).toEqual(["REQUEST_CLOSED", "REQUEST_CLOSED"]);
      const wasAllowed = results[1]?.status === "rejected";
      expect(await world.outcome(request)).toBe(wasAllowed ? "allowed" : "denied");
      await world.state("idle");
      expect(await made("four")).toBe(wasAllowed);
    });

    test("questions: one, several, own words, and refused", async () => {
      await world.send(`ask [[tool AskUserQuestion ${JSON.stringify({ questions: [parts, speed] })}]]`);
      const request = await world.question();
      expect(request).toMatchObject({ kind: "question", questions: [parts, speed], canRemember: false, via: "hook" });
      const invalid = [[choice(0)], [choice(3), choice(0)], [choice(0), choice(0, 1)], [choice(), choice(0)]];
      for (const answers of invalid) {
        expect(await codeOf(world.answer(request, { kind: "choose", answers }))).toBe("REQUEST_ANSWER_INVALID");
      }
      expect(await codeOf(world.answer(request, { kind: "allow", remember: false }))).toBe("REQUEST_ANSWER_INVALID");
      const own = { choices: [2, 0], text: "the tests" };
      await world.answer(request, { kind: "choose", answers: [own, { choices: [], text: "as you like" }] });

      expect(await world.outcome(request)).toBe("answered");
      await world.state("idle");
      const result = await world.result(request);
      expect(result).toContain('\\"Which parts?\\"=\\"API, Docs, the tests\\"');
      expect(result).toContain('\\"How fast?\\"=\\"as you like\\"');

      await world.send(`ask again [[tool AskUserQuestion ${JSON.stringify({ questions: [speed] })}]]`);
      const second = await world.question();
      expect(second).toMatchObject({ summary: "How fast?", options: ["Fast", "Slow"] });
      await world.answer(second, { kind: "deny", reason: "ask somebody else" });
      expect(await world.outcome(second)).toBe("denied");
      await world.state("idle");
      expect(await world.result(second)).toContain("ask somebody else");
    });

    test("a person is first: the request closes by itself, and no process is left", async () => {
      await world.send(`person ${bash("touch five; rm -f none")}`);
      const yes = await world.question();
      await world.pressAt(dialogOf("touch five"), "Enter");
      expect(await world.outcome(yes)).toBe("allowed");
      expect(await codeOf(world.answer(yes, { kind: "deny", reason: null }))).toBe("REQUEST_CLOSED");
      await world.state("idle");

      await world.send(`person again ${bash("touch six; rm -f none")}`);
      const no = await world.question();
      await world.pressAt(dialogOf("touch six"), "Escape");
      expect(await world.outcome(no)).toBe("denied");
      expect(await codeOf(world.answer(no, { kind: "allow", remember: false }))).toBe("REQUEST_CLOSED");
      expect(await made("six")).toBe(false);
      await world.state("idle");
      // A hook that was not needed is released by a later look.
      await waitFor(
        "no hooks",
        async () => {
          await world.observe();
          return (await world.waitingProcesses()).length === 0 && (await world.fifos()).length === 0 ? true : undefined;
        },
        { everyMs: 200 },
      );
    });

    test("remembered: Claude Code does not ask again, and the codebase stays untouched", async () => {
      await world.send("settle");
      await world.state("idle");
      await world.send(`remember ${bash("touch seven; rm -f none")}`);
      const request = await world.question();
      await world.answer(request, { kind: "allow", remember: true });
      expect(await world.outcome(request)).toBe("allowed");
      await world.state("idle");
      const { end } = await world.claude.events();
      await world.send(`remembered ${bash("touch seven; rm -f none")}`);
      await world.claude.event("Stop", end);

      const { events } = await world.claude.events(end);
      expect(events.map((event) => event.hook_event_name)).not.toContain("PermissionRequest");
      expect(await made(".claude")).toBe(false);
    });

    test("two at once, the agent's own and a subagent's, are both answered", async () => {
      const prompt = `in sub ${bash("touch sub1; rm -f never").replaceAll('"', '\\"')}`;
      await world.send(
        `sub [[tool Agent {"description":"d","subagent_type":"general-purpose","prompt":"${prompt}"}]] ${bash("touch main1; rm -f never")}`,
      );
      // 2.1.197 waits for its subagent, so that one follows the other there.
      const isBackground = version.name === "newest";
      const open = await world.asked(isBackground ? 2 : 1);
      expect(open.every(({ via }) => via === "hook")).toBe(true);
      for (const request of open.toReversed()) await world.answer(request, { kind: "allow", remember: false });
      for (const request of open) expect(await world.outcome(request)).toBe("allowed");
      if (!isBackground) await world.answer(await world.question(), { kind: "allow", remember: false });
      await waitFor("both", async () => ((await made("sub1")) && (await made("main1")) ? true : undefined));
      await world.claude.event("SubagentStop");
      await world.state("idle");
    });

    test("a killed Claude Code leaves no process behind, and the request is gone", async () => {
      await world.send(`end ${bash("touch eight; rm -f no")}`);
      const request = await world.question();
      expect((await world.waitingProcesses()).length).toBeGreaterThan(0);
      process.kill(await world.claude.pid(), "SIGKILL");

      await waitFor("no hooks", async () => ((await world.waitingProcesses()).length === 0 ? true : undefined));
      await world.asked(0);
      expect(await world.outcome(request)).toBe("gone");
    });
  },
);

describe.each(claudeVersions("newest"))("plans answered by the hook, Claude Code $version", PATIENT, (version) => {
  test("refused with a reason it stays in plan mode; approved it leaves it", async () => {
    const world = await RequestWorld.start(version, { permissionMode: "plan" });
    try {
      const plan = '[[tool ExitPlanMode {"plan":"# Plan\\n1. Do it"}]]';
      await world.send(`plan ${plan}`);
      const first = await world.question();
      expect(first).toMatchObject({ kind: "plan", via: "hook", canRemember: false });
      // 2.1.330 tells its hooks no plan that stands in no file; the transcript knows it some 100 ms later.
      const told = await waitFor("the plan", async () => (await world.requests())[0]?.plan);
      expect(told).toBe("# Plan\n1. Do it");
      await world.answer(first, { kind: "deny", reason: "think again" });
      expect(await world.outcome(first)).toBe("denied");
      await world.shows("plan mode on");

      await world.send(`better ${plan}`);
      const second = await world.question();
      await world.answer(second, { kind: "allow", remember: false });
      expect(await world.outcome(second)).toBe("allowed");
      await world.state("idle");
      expect(await world.claude.screen()).not.toContain("plan mode on");
    } finally {
      await world.dispose();
    }
  });
});
