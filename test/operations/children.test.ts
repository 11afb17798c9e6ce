import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asTree } from "../../src/cli/render/agent-tree.ts";
import type { AgentView } from "../../src/core/agent.ts";
import { visibleOperations } from "../../src/mcp/visible-operations.ts";
import { agentAssignRole } from "../../src/operations/agent/assign-role.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentDelete } from "../../src/operations/agent/delete.ts";
import { descendantsOf } from "../../src/operations/agent/lifecycle/children.ts";
import { agentList } from "../../src/operations/agent/list.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { operations } from "../../src/operations/index.ts";
import { policyDeny } from "../../src/operations/policy/deny.ts";
import { policyList } from "../../src/operations/policy/list.ts";
import { withSpawnRight } from "../../src/operations/policy/spawn-right.ts";
import { agentRights } from "../../src/operations/role/agent-rights.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

let world: FakeWorld;
let lead: AgentView;

beforeAll(async () => {
  world = await openFakeWorld({ CLAUDE_ORCH_MAX_AGENTS: "40", CLAUDE_ORCH_MAX_DEPTH: "2" });
  await role(
    "lead",
    "permissionMode: acceptEdits\ntools: Read, Edit, Agent\nspawn: true\npermissions:\n  ask: Edit(docs/**)",
  );
  await role("helper", "permissions:\n  allow: Bash(rm:*)");
  lead = await spawn({ name: "lead", role: "lead" });
});
afterAll(() => world.dispose());

async function role(name: string, matter: string): Promise<void> {
  const folder = join(world.root, ".claude-orch/roles");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.md`), `---\nname: ${name}\n${matter}\n---\nWork well.\n`);
}

async function spawn(input: Record<string, unknown>, by?: AgentView): Promise<AgentView> {
  const { agent } = await world.call(agentSpawn, input, by ? asWorker(by) : {});
  if (!agent) throw new Error("spawn returned no agent");
  return agent;
}

const asWorker = (agent: AgentView) => world.as({ kind: "worker", agentId: agent.id, sessionId: agent.session.id });
const refused = (input: Record<string, unknown>, by?: AgentView) => codeOf(spawn(input, by));

async function launchedWith({ id }: AgentView) {
  const text = await readFile(join(world.context.home, "agents", id, "settings.json"), "utf8");
  return (JSON.parse(text) as { permissions: Record<"allow" | "ask" | "deny", string[]> }).permissions;
}

async function names() {
  return (await world.call(agentList, {})).agents.map(({ name }) => name);
}

describe("agents that start agents", () => {
  it("R4-16: only those whose role says spawn; the tool is offered to them alone", async () => {
    const plain = await spawn({ name: "plain" });

    expect(await refused({ name: "no" }, plain)).toBe("PERMISSION_DENIED");
    const offered = async (agent: AgentView) => {
      const principal = await withSpawnRight({ ...world.context, ...asWorker(agent) });
      return visibleOperations(operations, principal)
        .map(({ name }) => name)
        .includes("agent.spawn");
    };
    expect([await offered(plain), await offered(lead)]).toEqual([false, true]);
    expect((await launchedWith(lead)).allow).toContain("mcp__claude-orch__agent_spawn");
    expect((await launchedWith(plain)).allow).not.toContain("mcp__claude-orch__agent_spawn");
  });

  it("R4-16: a child works for whom started it, within its rights, also after it is started again with another role", async () => {
    const child = await spawn({ name: "child", role: "helper" }, lead);
    expect(child).toMatchObject({ parentId: lead.id, permissionMode: "default", cwd: lead.cwd });
    const within = async () => {
      const rules = await launchedWith(child);
      expect(rules.allow).not.toContain("Bash(rm:*)");
      expect(rules.ask).toContain("Edit(docs/**)");
    };
    await within();
    expect((await world.call(policyList, {})).pending).toEqual([]);

    await world.call(agentClear, { agent: "child" });
    await world.call(agentStart, { agent: "child" });
    await within();
    const { agent } = await world.call(agentAssignRole, { agent: "child", role: "lead" });
    expect(agent.permissionMode).toBe("acceptEdits");
    await within();
    // What its parent may not do any more, holds for the child from its next start on, and is told until then.
    await world.call(policyDeny, { rules: ["Read(./secrets/**)"], role: "lead" });
    await world.call(agentAssignRole, { agent: "child", role: "helper" });
    expect((await launchedWith(child)).deny).toContain("Read(./secrets/**)");
    expect((await world.call(policyList, {})).pending.map(({ name }) => name)).toEqual(["lead"]);
  });

  it("R4-16: nothing beyond its own rights may be asked for, by nobody", async () => {
    expect(await refused({ permissionMode: "bypassPermissions" }, lead)).toBe("PERMISSION_DENIED");
    expect(await refused({ parent: lead.name, permissionMode: "auto" })).toBe("PERMISSION_DENIED");
    expect(await refused({ claudeArgs: ["--dangerously-skip-permissions"] }, lead)).toBe("PERMISSION_DENIED");
    expect(await refused({ env: ["CLAUDE_CONFIG_DIR=/x"] }, lead)).toBe("PERMISSION_DENIED");
    expect(await refused({ cwd: join(world.root, "..") }, lead)).toBe("PERMISSION_DENIED");
    expect(await refused({ parent: "plain" }, lead)).toBe("PERMISSION_DENIED");
    expect(await refused({ role: "nothing" }, lead)).toBe("ROLE_NOT_FOUND");
  });

  it("R4-16: agents stand at most maxDepth below the top, whoever starts them", async () => {
    const second = await spawn({ name: "second", role: "lead" }, lead);
    const third = await spawn({ name: "third", role: "lead" }, second);

    expect(await refused({ name: "fourth", role: "lead" }, third)).toBe("AGENT_DEPTH_REACHED");
    expect(await refused({ name: "fourth", parent: "third" })).toBe("AGENT_DEPTH_REACHED");
    expect(await names()).not.toContain("fourth");
  });

  it("R4-16: a role's maxAgents holds for a session, whoever starts them", async () => {
    await role("rare", "limits:\n  maxAgents: 2");
    await spawn({ name: "rare_1", role: "rare" });

    expect(await refused({ name: "more", role: "rare", count: 2 }, lead)).toBe("AGENT_LIMIT_REACHED");
    await spawn({ name: "rare_2", role: "rare" }, lead);
    expect(await refused({ role: "rare" })).toBe("AGENT_LIMIT_REACHED");
  });

  it("R4-16: they are shown as a tree", async () => {
    const { agents } = await world.call(agentList, {});
    const tree = asTree(agents).map(({ agent, depth }) => `${" ".repeat(depth)}${agent.name}`);
    expect(tree).toEqual(["lead", " child", " second", "  third", " rare_2", "plain", "rare_1"]);
    expect(
      asTree(agents.toReversed())
        .map(({ agent }) => agent.name)
        .slice(0, 3),
    ).toEqual(["lead", "rare_2", "second"]);
  });

  it("R4-16: parents that go round in a circle, as only a damaged store has them, hang nothing", async () => {
    const { agents } = await world.call(agentList, {});
    const idOf = (name: string) => agents.find((agent) => agent.name === name)?.id ?? "";
    const { store } = world.context;
    await store.agents.update(idOf("lead"), { parentId: idOf("third") });

    const circle = (await world.call(agentList, {})).agents;
    expect(
      asTree(circle)
        .map(({ agent }) => agent.name)
        .toSorted(),
    ).toEqual(agents.map(({ name }) => name).toSorted());
    expect(await refused({ name: "fourth", parent: "third" })).toBe("AGENT_DEPTH_REACHED");
    const third = await store.agents.get(idOf("third"));
    if (!third) throw new Error("the agent is in the store");
    expect((await descendantsOf(world.context, third)).map(({ name }) => name)).toEqual([
      ...["lead", "child", "second", "rare_2"],
    ]);
    const session = await store.sessions.get(third.sessionId);
    if (!session) throw new Error("the session is in the store");
    expect((await agentRights(world.context, session, third)).role.name).toBe("lead");

    await store.agents.update(idOf("lead"), { parentId: null });
  });

  it("R4-16: who is deleted leaves nobody without a parent: its children work for its own parent, and that is told", async () => {
    const left = await world.call(agentDelete, { agent: "second" });
    expect(left).toMatchObject({
      deletedChildren: [],
      children: [{ name: "third" }],
      childrenWorkFor: { id: lead.id, name: "lead" },
    });
    const { agents } = await world.call(agentList, {});
    expect(agents.find(({ name }) => name === "third")?.parentId).toBe(lead.id);

    const all = await world.call(agentDelete, { agent: "lead", withChildren: true });
    expect(all).toMatchObject({ children: [], childrenWorkFor: null });
    expect(all.deletedChildren.map(({ name }) => name)).toEqual(["child", "third", "rare_2"]);
    expect(await names()).toEqual(["plain", "rare_1"]);
  });
});
