import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Agent } from "../../src/core/agent.ts";
import { AppError } from "../../src/core/errors.ts";
import { identifyPrincipal } from "../../src/mcp/identify-principal.ts";

const agent = { id: "agt_a", sessionId: "ses_1" } as Agent;
const hash = createHash("sha256").update("secret").digest("hex");
const agents = {
  findByTokenHash: async (wanted: string) => (wanted === hash ? agent : undefined),
  get: async (id: string) => (id === agent.id ? agent : undefined),
};
const holding = (text: string) => ({ readText: async () => text });
const env = { CLAUDE_ORCH_TOKEN_FILE: "/somewhere/token" };

test("without a token file the caller is the manager", async () => {
  expect(await identifyPrincipal({}, holding("secret"), agents)).toEqual({ kind: "manager" });
});

test("R1-32: a token makes the caller the agent it belongs to", async () => {
  expect(await identifyPrincipal(env, holding("secret\n"), agents)).toEqual({
    kind: "worker",
    agentId: "agt_a",
    sessionId: "ses_1",
  });
});

test("R1-32: a token of nobody is refused, never a manager", async () => {
  await expect(identifyPrincipal(env, holding("other"), agents)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await expect(identifyPrincipal({ CLAUDE_ORCH_TOKEN_FILE: "" }, holding("other"), agents)).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
  });
});

test("R1-32: a token file that cannot be read is refused, never a manager", async () => {
  const files = { readText: () => Promise.reject(new AppError("FILE_NOT_FOUND", "gone")) };

  await expect(identifyPrincipal(env, files, agents)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
});

test("R1-32: an agent that loads our server under another name is itself, no manager", async () => {
  const principal = await identifyPrincipal({ CLAUDE_ORCH_AGENT_ID: "agt_a" }, holding(""), agents);
  expect(principal).toEqual({ kind: "worker", agentId: "agt_a", sessionId: "ses_1" });

  const unknown = identifyPrincipal({ CLAUDE_ORCH_AGENT_ID: "agt_gone" }, holding(""), agents);
  await expect(unknown).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
});
