import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeProgram } from "../../../src/claude/fake-program.ts";
import type { Agent, TerminalRef } from "../../../src/core/agent.ts";
import type { TerminalAccess } from "../../../src/core/ports/agent-program.ts";
import type { AgentRequest, Decision } from "../../../src/core/request.ts";
import { ProcessesWithFakes } from "../../../src/terminals/fake/processes.ts";
import { codeOf } from "../../support/code-of.ts";
import { type FakeHarness, makeFakeHarness } from "../../terminals/fake/fake-harness.ts";

let fake: FakeHarness;
let ref: TerminalRef;
let program: FakeProgram;
let agent: Agent;
let terminal: TerminalAccess;

beforeEach(async () => {
  fake = await makeFakeHarness();
  const { home, clock, ids, processes } = fake.options;
  program = new FakeProgram({ home, clock, ids, processes: new ProcessesWithFakes(processes, home) });
  const launchedAt = clock.now();
  ref = await fake.backend.open(await fake.request());
  const { conversationId, launch } = await fake.state(ref);
  terminal = { screen: () => fake.backend.screen(ref), input: (steps) => fake.backend.input(ref, steps) };
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

async function asked(prompt: string): Promise<AgentRequest> {
  await fake.send(ref, prompt);
  const [request] = await program.requests(agent, undefined, () => terminal.screen());
  if (!request) throw new Error("Nothing is asked");
  return request;
}

const answer = (request: AgentRequest, decision: Decision) => program.answer(agent, request, decision, terminal);
const outcome = (request: AgentRequest) => program.outcome(agent, request, undefined, () => terminal.screen());

test("a fake agent's permission is asked for in full, and answered by keys", async () => {
  const request = await asked('[[permission Bash {"command":"ls"}]]');
  expect(request).toMatchObject({ kind: "permission", tool: "Bash", via: "keys", input: { command: "ls" } });
  expect(await outcome(request)).toBe("open");

  expect(await answer(request, { kind: "allow", remember: false })).toEqual({ via: "keys" });
  expect(await outcome(request)).toBe("allowed");
  expect(await codeOf(answer(request, { kind: "deny", reason: null }))).toBe("REQUEST_CLOSED");

  const second = await asked('[[permission Bash {"command":"ls"}]]');
  expect(second.requestId).not.toBe(request.requestId);
  expect(await codeOf(answer(second, { kind: "deny", reason: "why" }))).toBe("REQUEST_ANSWER_INVALID");
  await answer(second, { kind: "deny", reason: null });
  expect(await outcome(second)).toBe("denied");
});

test("a fake agent's question takes an option or a text", async () => {
  const first = await asked("[[question Which? | Red | Blue]]");
  await answer(first, { kind: "choose", answers: [{ choices: [1], text: null }] });
  expect(await outcome(first)).toBe("answered");

  const second = await asked("[[question Which? | Red | Blue]]");
  await answer(second, { kind: "choose", answers: [{ choices: [], text: "green" }] });
  expect(await outcome(second)).toBe("answered");
  expect(JSON.stringify(await fake.transcript(ref))).toContain('\\"Which?\\"=\\"green\\"');
});
