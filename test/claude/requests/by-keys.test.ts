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
const options = (...labels: string[]) => labels.map((label) => ({ label, description: label.toLowerCase() }));
const colour = { question: "Which colour?", header: "Colour", multiSelect: false, options: options("Red", "Blue") };
const parts = { question: "Which parts?", header: "Parts", multiSelect: true, options: options("API", "UI", "Docs") };

/** Their hook was killed: the dialog still stands, and only keys answer it. */
describe.each(claudeVersions("newest"))("requests answered by keys, Claude Code $version", PATIENT, (version) => {
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

  /** Makes Claude Code ask, and nobody wait for the answer. */
  async function asked(prompt: string, shown: string | RegExp) {
    await world.send(prompt);
    await world.question();
    await world.killHooks();
    await world.shows(shown);
    const request = await world.question();
    expect(request.via).toBe("keys");
    return request;
  }

  test("permission: yes", async () => {
    const request = await asked(`one ${bash("touch one; rm -f none")}`, "Esc to cancel");
    expect(request).toMatchObject({ kind: "permission", canRemember: true, options: expect.arrayContaining(["Yes"]) });
    expect(await world.answer(request, { kind: "allow", remember: false })).toEqual({ via: "keys" });

    expect(await world.outcome(request)).toBe("allowed");
    await world.state("idle");
    expect(await made("one")).toBe(true);
    expect(await codeOf(world.answer(request, { kind: "allow", remember: false }))).toBe("REQUEST_CLOSED");
  });

  test("permission: no with a reason, which the model is told", async () => {
    const request = await asked(`two ${bash("touch two; rm -f none")}`, "Esc to cancel");
    await world.answer(request, { kind: "deny", reason: "use\nthe other one" });

    expect(await world.outcome(request)).toBe("denied");
    await world.state("idle");
    expect(await made("two")).toBe(false);
    expect(await world.result(request)).toContain("use the other one");
  });

  test("permission: nothing is typed while the screen shows something else", async () => {
    const request = await asked(`three ${bash("touch three; rm -f none")}`, "Esc to cancel");
    const pressed: unknown[] = [];
    const terminal = (lines: string[]) => ({
      screen: async () => ({ lines }),
      input: async (steps: unknown) => void pressed.push(steps),
    });
    const other = (await world.claude.screen()).replaceAll("touch three", "touch other").split("\n");
    const codes = [["❯ ", "done"], other].map((lines) =>
      codeOf(world.program.answer(world.agent, request, { kind: "allow", remember: false }, terminal(lines))),
    );
    expect(await Promise.all(codes)).toEqual(["REQUEST_NOT_SHOWN", "REQUEST_NOT_SHOWN"]);
    expect(pressed).toEqual([]);
    await world.answer(request, { kind: "deny", reason: null });
    expect(await world.outcome(request)).toBe("denied");
    await world.send("settle");
  });

  test("questions: an option, and words of one's own", async () => {
    const ask = `[[tool AskUserQuestion ${JSON.stringify({ questions: [colour] })}]]`;
    const first = await asked(`colour ${ask}`, "Enter to select");
    await world.answer(first, { kind: "choose", answers: [choice(1)] });
    expect(await world.outcome(first)).toBe("answered");
    await world.state("idle");
    expect(await world.result(first)).toContain('\\"Which colour?\\"=\\"Blue\\"');

    const second = await asked(`colour again ${ask}`, "Enter to select");
    await world.answer(second, { kind: "choose", answers: [{ choices: [], text: "2 shades of green" }] });
    expect(await world.outcome(second)).toBe("answered");
    await world.state("idle");
    expect(await world.result(second)).toContain('\\"Which colour?\\"=\\"2 shades of green\\"');
  });

  test("questions: several with check boxes, and their review", async () => {
    const ask = `[[tool AskUserQuestion ${JSON.stringify({ questions: [parts, colour] })}]]`;
    const request = await asked(`parts ${ask}`, "Enter to select");
    const many = { choices: [0, 2], text: "the tests" };
    await world.answer(request, { kind: "choose", answers: [many, choice(0)] });

    expect(await world.outcome(request)).toBe("answered");
    await world.state("idle");
    const result = await world.result(request);
    expect(result).toContain('\\"Which parts?\\"=\\"API, Docs, the tests\\"');
    expect(result).toContain('\\"Which colour?\\"=\\"Red\\"');
  });

  test("questions: refused", async () => {
    const ask = `[[tool AskUserQuestion ${JSON.stringify({ questions: [colour] })}]]`;
    const request = await asked(`colour ${ask}`, "Enter to select");
    await world.answer(request, { kind: "deny", reason: null });

    expect(await world.outcome(request)).toBe("denied");
    await world.send("settle again");
  });

  test("a panel that nobody asked for is closed", async () => {
    await world.state("idle");
    await world.claude.input([
      { kind: "text", text: "/cost", isBracketed: true },
      { kind: "keys", keys: ["Enter"] },
    ]);
    let seen = "";
    const panel = await waitFor(
      "the panel, fully drawn",
      async () => {
        const [open] = await world.requests();
        const isDrawn = open !== undefined && open.requestId === seen;
        seen = open?.requestId ?? "";
        return isDrawn ? open : undefined;
      },
      { everyMs: 500, describe: () => world.claude.screen() },
    );
    expect(panel).toMatchObject({ kind: "dialog", via: "keys" });
    await world.answer(panel, { kind: "deny", reason: null });
    expect(await world.outcome(panel)).toBe("gone");
    await world.state("idle");
  });

  test("permission: remembered", async () => {
    const request = await asked(`four ${bash("touch four; rm -f none")}`, "Esc to cancel");
    await world.answer(request, { kind: "allow", remember: true });
    expect(await world.outcome(request)).toBe("allowed");
    await world.state("idle");
    const { end } = await world.claude.events();
    await world.send(`five ${bash("touch four; rm -f none")}`);
    await world.claude.event("Stop", end);
    const { events } = await world.claude.events(end);
    expect(events.map((event) => event.hook_event_name)).not.toContain("PermissionRequest");
  });
});

describe.each(claudeVersions("newest"))(
  "dialogs at the start answered by keys, Claude Code $version",
  PATIENT,
  (version) => {
    test("the question of trust: said yes to, the agent becomes ready", async () => {
      const world = await RequestWorld.startUntrusted(version);
      try {
        const request = await world.question();
        expect(request).toMatchObject({ kind: "dialog", via: "keys", options: expect.arrayContaining(["No, exit"]) });
        expect(request.screen?.join("\n")).toContain("trust");
        expect(await codeOf(world.answer(request, { kind: "choose", answers: [choice(7)] }))).toBe(
          "REQUEST_ANSWER_INVALID",
        );
        expect(await codeOf(world.answer(request, { kind: "allow", remember: true }))).toBe("REQUEST_ANSWER_INVALID");
        await world.answer(request, { kind: "allow", remember: false });
        expect(await world.outcome(request)).toBe("gone");
        await world.state("idle");
      } finally {
        await world.dispose();
      }
    });
  },
);
