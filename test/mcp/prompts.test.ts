import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { expect, test } from "vitest";
import type { Principal } from "../../src/core/principal.ts";
import { toolName } from "../../src/mcp/argument-names.ts";
import { instructionsFor } from "../../src/mcp/instructions.ts";
import { getPrompt, listPrompts } from "../../src/mcp/prompts.ts";
import { visibleOperations } from "../../src/mcp/visible-operations.ts";
import { operations } from "../../src/operations/index.ts";
import { connect } from "./support/connect.ts";

const TOOL_WORD = /\b(?:agent|session|task|team)_[a-z_]+\b/g;
/** snake_case words of the texts that are arguments, not tools. */
const ARGUMENTS = new Set(["idempotency_key"]);

function toolsOf(principal: Principal): Set<string> {
  return new Set(visibleOperations(operations, principal).map(({ name }) => toolName(name)));
}

test("R2-01: a manager of the real catalogue has prompts for delegating, collecting and reviewing", () => {
  const prompts = listPrompts(toolsOf({ kind: "manager" }));

  expect(prompts.map(({ name }) => name)).toEqual(["delegate", "collect", "review"]);
});

test("a prompt speaks only of tools that the client has", () => {
  const tools = toolsOf({ kind: "manager" });

  for (const { name } of listPrompts(tools)) {
    const prompt = getPrompt(name, { task: "T" }, tools);
    const words = JSON.stringify(prompt).match(TOOL_WORD) ?? [];
    expect(words.filter((word) => !tools.has(word))).toEqual([]);
  }
});

test("a worker, who cannot spawn, is offered no prompt that spawns", () => {
  const tools = toolsOf({ kind: "worker", agentId: "agt_a", sessionId: "ses_1" });

  expect(listPrompts(tools).map(({ name }) => name)).toEqual(["collect"]);
  expect(getPrompt("delegate", { task: "T" }, tools)).toBe("Unknown prompt: delegate");
});

test("a prompt carries its arguments and leaves out what was not given", () => {
  const tools = toolsOf({ kind: "manager" });

  const full = JSON.stringify(getPrompt("delegate", { task: "Port it to ESM", agents: "3", session: "shop" }, tools));
  const bare = JSON.stringify(getPrompt("delegate", { task: "Port it to ESM", agents: " " }, tools));

  expect(full).toContain("Port it to ESM");
  expect(full).toContain("at most 3");
  expect(full).toContain("session shop");
  expect(bare).not.toContain("at most");
  expect(bare).not.toContain("undefined");
});

test("a prompt without its required argument, and an unknown one, are protocol errors", async () => {
  const { client } = await connect();

  await expect(client.getPrompt({ name: "nothing" })).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  expect(getPrompt("delegate", {}, toolsOf({ kind: "manager" }))).toBe("Prompt delegate needs the argument task");
});

test.each<Principal>([
  { kind: "manager" },
  { kind: "observer" },
  { kind: "worker", agentId: "agt_a", sessionId: "ses_1" },
])("the instructions for $kind are short and speak only of tools it has", (principal) => {
  const tools = toolsOf(principal);
  const text = instructionsFor(principal, tools);

  // Claude Code cuts instructions off at 2048 characters.
  expect(text.length).toBeLessThan(2048);
  expect((text.match(TOOL_WORD) ?? []).filter((word) => !tools.has(word) && !ARGUMENTS.has(word))).toEqual([]);
});

test("initialize gives name, version, capabilities and instructions", async () => {
  const { client } = await connect();

  expect(client.getServerVersion()).toMatchObject({ name: "claude-orch", version: "1.2.3" });
  expect(client.getServerCapabilities()).toEqual({
    tools: {},
    prompts: {},
    resources: { subscribe: true, listChanged: true },
  });
  expect(client.getInstructions()).toContain("claude-orch");
});
