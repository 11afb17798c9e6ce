import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../../src/core/principal.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import { operations } from "../../src/operations/index.ts";
import { policyAllow } from "../../src/operations/policy/allow.ts";
import { policyAsk } from "../../src/operations/policy/ask.ts";
import { isAllowed } from "../../src/operations/policy/authorise.ts";
import { policyDeny } from "../../src/operations/policy/deny.ts";
import { policyList } from "../../src/operations/policy/list.ts";
import { policyLog } from "../../src/operations/policy/log.ts";
import { policyRemove } from "../../src/operations/policy/remove.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

/** The permissions that an agent was started with. */
async function permissionsOf(agentId: string): Promise<Record<"allow" | "ask" | "deny", string[]>> {
  const text = await readFile(join(world.context.home, "agents", agentId, "settings.json"), "utf8");
  return (JSON.parse(text) as { permissions: Record<"allow" | "ask" | "deny", string[]> }).permissions;
}

describe("the rules of a session", () => {
  it("B10: are stored, reach agents that are started afterwards, by role, and name those that run with others", async () => {
    const before = await world.spawn("before");
    const changed = await world.call(policyAllow, { rules: ["Bash(npm test:*)", "Edit(src/**)", "Edit(src/**)"] });
    await world.call(policyDeny, { rules: ["Read(./secrets/**)"] });
    await world.call(policyAsk, { rules: ["Bash(git push:*)"] });
    await world.call(policyAllow, { rules: ["WebSearch"], role: "debugger" });

    expect(changed.pending).toEqual([{ id: before.id, name: "before" }]);
    const after = await world.spawn("after");
    const { agent: scout } = await world.call(agentSpawn, { name: "scout", role: "debugger" });

    expect((await permissionsOf(before.id)).deny).toEqual([]);
    expect(await permissionsOf(after.id)).toEqual({
      allow: [...(await permissionsOf(before.id)).allow, "Bash(npm test:*)", "Edit(src/**)"],
      ask: ["Bash(git push:*)"],
      deny: ["Read(./secrets/**)"],
    });
    expect((await permissionsOf(scout?.id ?? "")).allow).toContain("WebSearch");
    expect((await world.call(policyList, {})).pending.map(({ name }) => name)).toEqual(["before"]);

    await world.call(agentClear, { agent: "before" });
    expect((await world.call(policyList, {})).pending).toEqual([]);
    await world.call(agentStart, { agent: "before" });
    expect((await world.call(policyList, {})).pending).toEqual([]);
    expect((await permissionsOf(before.id)).deny).toEqual(["Read(./secrets/**)"]);
  });

  it("are refused as a whole when one is nonsense, and added once", async () => {
    expect(await codeOf(world.call(policyAllow, { rules: ["Bash(a:*)", "Bash(b"] }))).toBe("POLICY_RULE_INVALID");
    expect((await world.call(policyList, {})).rules).toEqual([]);

    await world.call(policyAllow, { rules: ["Bash(a:*)"] });
    const again = await world.call(policyAllow, { rules: ["Bash(a:*)", "Bsh"] });

    expect(again.rules.map(({ rule }) => rule)).toEqual(["Bash(a:*)", "Bsh"]);
    expect(again.notes).toEqual([expect.stringContaining("did you mean Bash")]);
  });

  it("are removed by their text, and a misspelt one is not passed over in silence", async () => {
    await world.call(policyAllow, { rules: ["Bash(a:*)"] });
    await world.call(policyDeny, { rules: ["Bash(a:*)", "Bash(b:*)"], role: "debugger" });

    expect(await codeOf(world.call(policyRemove, { rules: ["Bash(b:*)", "Bash(c:*)"] }))).toBe("POLICY_RULE_NOT_FOUND");
    expect((await world.call(policyList, {})).rules).toHaveLength(3);
    const left = await world.call(policyRemove, { rules: ["Bash(a:*)"], role: "debugger" });
    expect(left.rules).toEqual([
      { effect: "allow", rule: "Bash(a:*)", role: null },
      { effect: "deny", rule: "Bash(b:*)", role: "debugger" },
    ]);
    expect((await world.call(policyRemove, { rules: ["Bash(a:*)", "Bash(b:*)"] })).rules).toEqual([]);
  });

  it("can be given when the session is created", async () => {
    const { session } = await world.call(sessionCreate, { name: "x", allow: ["Bash(a:*)"], deny: ["WebFetch"] });
    expect(session.policy).toEqual([
      { effect: "deny", rule: "WebFetch", role: null },
      { effect: "allow", rule: "Bash(a:*)", role: null },
    ]);
    expect(await codeOf(world.call(sessionCreate, { name: "y", allow: ["nonsense("] }))).toBe("POLICY_RULE_INVALID");
  });

  it("two who change them at once lose neither change", async () => {
    const rules = Array.from({ length: 20 }, (_, index) => `Bash(tool${index}:*)`);
    await Promise.all(rules.map((rule) => world.call(policyAllow, { rules: [rule] })));
    expect((await world.call(policyList, {})).rules.map(({ rule }) => rule).toSorted()).toEqual(rules.toSorted());
  });
});

describe("rights", () => {
  const worker: Principal = { kind: "worker", agentId: "agt_1", sessionId: "ses_1" };

  it("R1-35: every operation × every principal is as the table of policy says", async () => {
    const { rights } = await world.call(policyList, {});
    const may = (kind: string, risk: "low" | "medium" | "high") =>
      rights.find(({ principal }) => principal === kind)?.[risk];

    expect(may("worker", "high")).toBe("starting agents of their own, where their role says spawn");
    for (const operation of operations) {
      const { risk, effect, exposure, name } = operation;
      expect(isAllowed(operation, { kind: "operator" }), name).toBe(may("operator", risk) === "everything");
      expect(isAllowed(operation, { kind: "manager" }), name).toBe(may("manager", risk) === "everything");
      expect(may("observer", risk)).toBe("what only reads");
      expect(isAllowed(operation, { kind: "observer" }), name).toBe(effect === "read");
      // Agents are offered what changes rights or starts agents only where their role says so.
      expect(isAllowed(operation, worker), name).toBe(exposure.worker === true && risk !== "high");
      const isOffered = risk === "high" ? exposure.worker === "spawn" : exposure.worker === true;
      expect(isAllowed(operation, { ...worker, maySpawn: true }), name).toBe(isOffered);
    }
  });

  it("R1-35: an agent may neither see nor loosen the rules it lives under, and the refusal is logged", async () => {
    const refused: unknown[] = [];
    const logger = { ...world.context.logger, warn: (event: string, fields: unknown) => refused.push([event, fields]) };
    for (const operation of [policyAllow, policyRemove, policyList]) {
      const input = operation === policyList ? {} : { rules: ["Bash"] };
      expect(await codeOf(world.call(operation as never, input, { ...world.as(worker), logger } as never))).toBe(
        "PERMISSION_DENIED",
      );
    }
    expect(refused).toContainEqual([
      "call.refused",
      expect.objectContaining({ operation: "policy.allow", kind: "worker" }),
    ]);
    expect(policyAllow.risk).toBe("high");
    expect(isAllowed({ ...policyAllow, exposure: { mcp: true, worker: true } } as never, worker)).toBe(false);
  });
});

describe("the log of decisions", () => {
  it("names the rule that allowed a tool, what is still asked, and what a person allowed", async () => {
    await world.call(policyAllow, { rules: ["Bash(npm test:*)"] });
    const agent = await world.spawn("a");
    await world.call(agentSend, {
      agent: "a",
      text: '[[tool Bash {"command":"npm test x"}]][[tool Read {"file_path":"/x"}]][[permission Bash {"command":"rm x"}]]',
    });
    await world.call(agentWait, { agents: ["a"], state: "waiting", timeout: "10s" });

    const open = (await world.call(policyLog, {})).decisions;
    expect(open).toMatchObject([
      { tool: "Bash", subject: "npm test x", decision: "allowed", by: "rule", rule: "Bash(npm test:*)" },
      { tool: "Read", subject: "/x", decision: "allowed", by: "claude-code", rule: null },
      { tool: "Bash", subject: "rm x", decision: "asked", by: "nobody" },
    ]);
    expect(open.every(({ at, agent: { name } }) => at !== null && name === "a")).toBe(true);

    const stored = await world.context.store.agents.get(agent.id);
    if (!stored?.terminal) throw new Error("a running agent has a terminal");
    await (await world.context.backend("fake")).input(stored.terminal, [{ kind: "keys", keys: ["Enter"] }]);
    await world.call(agentWait, { agents: ["a"], timeout: "10s" });

    const { decisions, more } = await world.call(policyLog, { agent: "a", last: 1 });
    expect(decisions).toMatchObject([{ subject: "rm x", decision: "allowed", by: "person" }]);
    expect(more).toBe(true);
    expect((await world.call(policyLog, { since: "0s" })).decisions).toEqual([]);
  });
});
