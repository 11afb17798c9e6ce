import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../../src/core/principal.ts";
import { readResource } from "../../src/mcp/resource-reader.ts";
import { Resources } from "../../src/mcp/resources.ts";
import { agentAssignRole } from "../../src/operations/agent/assign-role.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentSpawn } from "../../src/operations/agent/spawn.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { agentWait } from "../../src/operations/agent/wait.ts";
import { broadcast } from "../../src/operations/broadcast.ts";
import { operations } from "../../src/operations/index.ts";
import { policyAllow } from "../../src/operations/policy/allow.ts";
import { policyDeny } from "../../src/operations/policy/deny.ts";
import { policyList } from "../../src/operations/policy/list.ts";
import { roleExplain } from "../../src/operations/role/explain.ts";
import { roleList } from "../../src/operations/role/list.ts";
import { roleShow } from "../../src/operations/role/show.ts";
import { codeOf } from "../support/code-of.ts";
import { type FakeWorld, openFakeWorld } from "../support/fake-world.ts";

let world: FakeWorld;

beforeEach(async () => {
  world = await openFakeWorld();
});
afterEach(() => world.dispose());

async function write(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const projectRole = (name: string, text: string) => write(join(world.root, ".claude-orch/roles", `${name}.md`), text);
const inAgentFolder = (agentId: string, name: string) =>
  readFile(join(world.context.home, "agents", agentId, name), "utf8");

async function spawn(input: Record<string, unknown>) {
  const { agent } = await world.call(agentSpawn, input);
  if (!agent) throw new Error("spawn returned no agent");
  return agent;
}

/** The twelve of mission §1 with every name that R3 and R4 know them by. */
const NAMES: Record<string, string[]> = {
  general: ["Generalist", "General", "general"],
  architect: ["Architect", "architect"],
  implementer: ["Implementer", "developer"],
  frontend: ["Frontend Developer", "frontend_developer", "frontend-developer"],
  backend: ["Backend Developer", "backend_developer", "backend-developer"],
  tester: ["Tester", "Testing Specialist", "testing_specialist", "testing-specialist"],
  reviewer: ["Reviewer", "Code Reviewer", "code_reviewer", "code-reviewer"],
  devops: ["DevOps", "devops"],
  documenter: ["Documenter", "Documentation Writer", "documentation_writer", "documentation-writer"],
  debugger: ["Debugger"],
  "security-analyst": ["Security Analyst", "security_analyst"],
  "data-analyst": ["Data Analyst", "data_analyst"],
};

describe("the built-in roles", () => {
  it("R3-15…21, R4-08, R4-19…28: all twelve are there, by every name of theirs, each with a prompt worth having", async () => {
    const { roles, problems } = await world.call(roleList, {});
    expect(problems).toEqual([]);
    expect(roles.map(({ name }) => name)).toEqual(Object.keys(NAMES).toSorted());
    for (const [name, others] of Object.entries(NAMES)) {
      for (const other of [name, ...others]) {
        const { role } = await world.call(roleShow, { role: other });
        expect(role.name, other).toBe(name);
        expect(role.origin).toBe("built-in");
        const lines = role.prompt.split("\n").length;
        expect(lines, `${name}: lines of its prompt`).toBeGreaterThanOrEqual(30);
        expect(role.prompt).toMatch(/What you hand over[\s\S]*What you never do/);
      }
    }
  });

  it("B10: only those that may change things can: readers have no tool for it, writers of documents may edit nothing else", async () => {
    const shown = async (name: string) => (await world.call(roleShow, { role: name })).role;
    for (const name of ["reviewer", "security-analyst"]) {
      const role = await shown(name);
      expect(role).toMatchObject({
        permissionMode: "dontAsk",
        disallowedTools: ["Edit", "Write", "NotebookEdit"],
        rules: [{ effect: "deny", rule: "Edit(//**)" }],
      });
      for (const tool of ["Edit", "Write", "NotebookEdit", "Agent", "Task"]) expect(role.tools).not.toContain(tool);
    }
    for (const name of ["architect", "documenter"]) {
      const role = await shown(name);
      expect(role.permissionMode).toBe("dontAsk");
      const allowed = role.rules.filter(({ effect }) => effect === "allow").map(({ rule }) => rule);
      expect(allowed).toContain("Edit(**/*.md)");
      for (const rule of allowed) expect(rule).toMatch(/^Edit\(.*\.(md|mdx|rst|adoc|mmd|txt)\)$/);
    }
    for (const name of ["general", "implementer", "frontend", "backend", "devops", "debugger", "data-analyst"]) {
      expect(await shown(name), name).toMatchObject({ permissionMode: null, rules: [], tools: null, spawn: false });
    }
  });
});

describe("the resource orch://roles", () => {
  it("R3-45: tells a client the twelve roles with their aliases", async () => {
    const resources = new Resources(operations, { kind: "manager" });
    const { contents } = await readResource(resources, "orch://roles", world.context);
    const [content] = contents;
    if (!content || !("text" in content)) throw new Error("the resource is no text");
    const { roles } = JSON.parse(content.text);
    expect(roles).toHaveLength(12);
    expect(roles).toContainEqual(
      expect.objectContaining({ name: "reviewer", aliases: ["code_reviewer", "code-reviewer"] }),
    );
    const listed = await resources.list(world.context.store);
    expect(listed.map(({ uri }) => uri)).toContain("orch://roles");
  });
});

describe("roles of one's own", () => {
  it("a file of Claude Code's own folders works as it is, and the project's own goes first", async () => {
    const mine = join(world.context.home, "fake/claude/agents/deep/critic.md");
    await write(
      mine,
      "---\nname: critic\ndescription: Use when: a plan is there\ntools: Read, Grep\nmodel: sonnet\n---\nBe hard.\n",
    );
    const shown = async () => (await world.call(roleShow, { role: "Critic" })).role;
    expect(await shown()).toMatchObject({
      origin: "user-agents",
      file: mine,
      tools: ["Read", "Grep"],
      model: "sonnet",
      prompt: "Be hard.",
    });

    await write(join(world.root, ".claude/agents/critic.md"), "---\nname: critic\ndescription: x\n---\nBe fair.\n");
    expect(await shown()).toMatchObject({ origin: "project-agents", prompt: "Be fair." });
    await projectRole("critic", "---\nname: critic\n---\nBe kind.\n");
    expect(await shown()).toMatchObject({ origin: "project", prompt: "Be kind." });
    await write(join(world.context.home, "roles/reviewer.md"), "---\nname: reviewer\n---\nMine.\n");
    expect((await world.call(roleShow, { role: "reviewer" })).role).toMatchObject({
      origin: "user",
      disallowedTools: [],
    });
  });

  it("a wrong file is named with its line, and keeps only its own role from being used", async () => {
    const wrong = await projectRole("scout", "---\nname: scout\npermissions:\n  allow: [Bash(x]\n---\n");
    await write(join(world.root, ".claude/agents/README.md"), "# Not an agent\n");

    const { problems } = await world.call(roleList, {});
    expect(problems).toEqual([{ origin: "project", file: wrong, line: 4, message: expect.stringContaining("Bash(x") }]);
    const spawning = world.call(agentSpawn, { name: "s", role: "scout" });
    await expect(spawning).rejects.toMatchObject({
      code: "ROLE_FILE_INVALID",
      exitCode: 2,
      details: { file: wrong, line: 4 },
    });
    await spawn({ name: "r", role: "reviewer" });
  });
});

describe("an agent's role", () => {
  it("R3-02, R3-13, R4-40: its prompt, tools and rules are in what it is launched with, by any of its names", async () => {
    await projectRole(
      "scout",
      "---\nname: scout\nmodel: haiku\npermissionMode: plan\ntools: Read, Grep\ndisallowedTools: [WebFetch]\n---\nLook around first.\n",
    );
    const agent = await spawn({ name: "s", role: "SCOUT", systemPrompt: "And hurry." });

    expect(agent).toMatchObject({ role: "scout", model: "haiku", permissionMode: "plan" });
    expect(await inAgentFolder(agent.id, "prompt.md")).toMatch(
      /You are s,[\s\S]*Your role is scout\.\n\nLook around first\.\n\nAnd hurry\.\n$/,
    );
    const settings = JSON.parse(await inAgentFolder(agent.id, "settings.json"));
    expect(settings.permissions.deny).toEqual(["WebFetch"]);
    const flagged = await spawn({ name: "f", role: "scout", model: "opus", permissionMode: "default" });
    expect(flagged).toMatchObject({ model: "opus", permissionMode: "default" });
    const plain = await spawn({ name: "p" });
    expect(plain).toMatchObject({ role: "general", model: null, permissionMode: "default" });
  });

  it("is refused before anything starts when there is none of that name", async () => {
    await expect(world.call(agentSpawn, { name: "x", role: "revewer" })).rejects.toMatchObject({
      ...{ code: "ROLE_NOT_FOUND", exitCode: 3, details: { near: ["reviewer"] } },
    });
    expect(await world.context.store.agents.list()).toEqual([]);
  });

  it("is read again at each start: a changed file counts, and without it nothing starts", async () => {
    const file = await projectRole("scout", "---\nname: scout\n---\nOne.\n");
    const agent = await spawn({ name: "s", role: "scout" });
    await writeFile(file, "---\nname: scout\ndisallowedTools: Bash\n---\nTwo.\n");
    expect((await world.call(policyList, {})).pending.map(({ name }) => name)).toEqual(["s"]);

    await world.call(agentClear, { agent: "s" });
    await world.call(agentStart, { agent: "s" });
    expect(await inAgentFolder(agent.id, "prompt.md")).toContain("Two.");
    expect(await inAgentFolder(agent.id, "settings.json")).toContain('"Bash"');

    await world.call(agentClear, { agent: "s" });
    await rm(file);
    expect(await codeOf(world.call(agentStart, { agent: "s" }))).toBe("ROLE_NOT_FOUND");
    expect(await world.context.store.agents.get(agent.id)).toMatchObject({ lifecycle: "closed", terminal: null });
  });

  it("is meant by its aliases in the session's policy and in a broadcast, too", async () => {
    await world.call(policyDeny, { rules: ["WebSearch"], role: "Code_Reviewer" });
    const agent = await spawn({ name: "r", role: "reviewer" });
    const settings = JSON.parse(await inAgentFolder(agent.id, "settings.json"));
    expect(settings.permissions.deny).toContain("WebSearch");
    const { messages } = await world.call(broadcast, { text: "hello", role: "code-reviewer" });
    expect(messages).toHaveLength(1);
  });
});

describe("role explain", () => {
  it("B10: shows every rule with its source after all layers, and which of them has no effect", async () => {
    await world.call(policyAllow, { rules: ["Edit(src/**)", "Edit"] });
    await world.call(policyAllow, { rules: ["WebFetch"], role: "reviewer" });
    await world.call(policyDeny, { rules: ["Read(./secrets/**)"] });

    const explained = await world.call(roleExplain, { role: "code-reviewer", model: "opus" });

    const rows = explained.rules.filter(({ source }) => source !== "claude-orch");
    expect(rows.map(({ effect, rule, source, overruledBy }) => [effect, rule, source, overruledBy])).toEqual([
      ["deny", "Edit", "role", null],
      ["deny", "Write", "role", null],
      ["deny", "NotebookEdit", "role", null],
      ["deny", "Edit(//**)", "role", null],
      ["allow", "Edit(src/**)", "session", "Edit"],
      ["allow", "Edit", "session", "Edit"],
      ["allow", "WebFetch", "session", null],
      ["deny", "Read(./secrets/**)", "session", null],
    ]);
    expect(explained).toMatchObject({
      role: { name: "reviewer", origin: "built-in" },
      session: { name: "team" },
      model: { value: "opus", from: "flag" },
      permissionMode: { value: "dontAsk", from: "role" },
      tools: { from: "role" },
    });
    // What is explained is what an agent is started with.
    const agent = await spawn({ name: "r", role: "reviewer" });
    const { permissions } = JSON.parse(await inAgentFolder(agent.id, "settings.json"));
    for (const effect of ["allow", "ask", "deny"]) {
      const told = explained.rules.filter((one) => one.effect === effect).map(({ rule }) => rule);
      expect(new Set(permissions[effect])).toEqual(new Set(told));
    }
  });
});

describe("R3-40: another role for an agent", () => {
  it("reaches one that runs at once, with its conversation; what was asked for at the spawn stays", async () => {
    const agent = await spawn({ name: "a", model: "opus" });
    await world.call(agentSend, { agent: "a", text: "one", wait: true });

    const { agent: after, applied } = await world.call(agentAssignRole, { agent: "a", role: "code reviewer" });

    expect(applied).toBe("now");
    expect(after).toMatchObject({
      id: agent.id,
      role: "reviewer",
      permissionMode: "dontAsk",
      model: "opus",
      state: "idle",
    });
    const { message } = await world.call(agentSend, { agent: "a", text: "two", wait: true });
    expect(message?.conversationId, "the same conversation goes on").toBe(agent.conversationId);
    expect(await inAgentFolder(agent.id, "prompt.md")).toContain("Your role is reviewer.");
    const back = await world.call(agentAssignRole, { agent: "a", role: "general" });
    expect(back.agent).toMatchObject({ permissionMode: "default", model: "opus" });
  });

  it("waits for the next start of one that does not run, and refuses one that is busy, unless forced", async () => {
    await spawn({ name: "a" });
    await world.call(agentClear, { agent: "a" });
    expect((await world.call(agentAssignRole, { agent: "a", role: "tester" })).applied).toBe("at its next start");
    await world.call(agentStart, { agent: "a" });

    await world.call(agentSend, { agent: "a", text: "[[sleep 60s]]" });
    await world.call(agentWait, { agents: ["a"], state: "working", timeout: "10s" });
    expect(await codeOf(world.call(agentAssignRole, { agent: "a", role: "reviewer" }))).toBe("AGENT_BUSY");
    expect((await world.context.store.agents.list())[0]?.role).toBe("tester");
    const forced = await world.call(agentAssignRole, { agent: "a", role: "reviewer", force: true });
    expect(forced).toMatchObject({ applied: "now", agent: { role: "reviewer", state: "idle" } });
  });

  it("is not for agents to give themselves, and an unknown one changes nothing", async () => {
    const { id, session } = await spawn({ name: "a" });
    const worker: Principal = { kind: "worker", agentId: id, sessionId: session.id };
    expect(await codeOf(world.call(agentAssignRole, { agent: "a", role: "general" }, world.as(worker)))).toBe(
      "PERMISSION_DENIED",
    );
    expect(await codeOf(world.call(agentAssignRole, { agent: "a", role: "nobody" }))).toBe("ROLE_NOT_FOUND");
    expect((await world.context.store.agents.get(id))?.lifecycle).toBe("open");
  });
});
