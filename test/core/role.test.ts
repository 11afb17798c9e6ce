import { describe, expect, it } from "vitest";
import type { MarkdownFile } from "../../src/core/ports/markdown-source.ts";
import { type RoleOrigin, roleKey } from "../../src/core/role.ts";
import { collectRoles, findRole } from "../../src/core/role-catalogue.ts";
import { isProblem, readRole } from "../../src/core/role-file.ts";
import { overruledBy, rulesOf } from "../../src/core/role-rights.ts";
import type { PolicyRule } from "../../src/core/session.ts";
import { splitFrontMatter } from "../../src/platform/front-matter.ts";
import { role } from "../support/role.ts";

const file = (text: string, path = "/p/some.md"): MarkdownFile => ({ path, ...splitFrontMatter(text) });
const read = (matter: string, origin: RoleOrigin = "project") =>
  readRole(file(`---\n${matter}\n---\nDo it.\n`), origin);

function good(matter: string, origin: RoleOrigin = "project") {
  const found = read(matter, origin);
  if (!found || isProblem(found)) throw new Error(JSON.stringify(found));
  return found;
}

function bad(matter: string): [number, string] {
  const found = read(matter);
  if (!found || !isProblem(found)) throw new Error("no problem was found");
  return [found.line, found.message];
}

describe("a role's file", () => {
  it("holds what Claude Code's agent files hold, and our own keys beside it, in any spelling of the key", () => {
    const found = good(
      [
        "name: Scout",
        "description: Looks around",
        "tools: Read, Grep, Bash(git log:*, -n 3)",
        "model: inherit",
        "permission-mode: plan",
        "color: cyan",
        "aliases: [look_out]",
        "disallowed_tools: WebFetch",
        "permissions:",
        "  allow: [Bash(ls:*)]",
        "  deny: Read(./secrets/**)",
        "limits: { maxAgents: 3, maxTokens: 5000, maxCost: 1.5 }",
        "spawn: true",
        "somethingNew: { a: 1 }",
      ].join("\n"),
    );

    expect(found).toMatchObject({
      ...{ name: "Scout", description: "Looks around", tools: ["Read", "Grep", "Bash"], model: null },
      ...{ permissionMode: "plan", color: "cyan", aliases: ["look_out"], disallowedTools: ["WebFetch"] },
      rules: [
        { effect: "allow", rule: "Bash(ls:*)" },
        { effect: "deny", rule: "Read(./secrets/**)" },
      ],
      ...{ limits: { maxAgents: 3, maxTokens: 5000, maxCost: 1.5 }, spawn: true, prompt: "Do it." },
      notes: ["somethingNew: not known, and not obeyed"],
    });
  });

  it("works with every key that Claude Code reads in an agent's file, and says which of them are not obeyed", () => {
    const found = good(
      [
        "name: full",
        "description: Use this when: something happens. <example>user: hi</example>",
        "tools: Read, Grep, mcp__github__list",
        "disallowedTools: [Write, Edit]",
        ...["model: opus[1m]", "permissionMode: acceptEdits"],
        ...["skills: pdf, excel", "memory: project", "background: true", "effort: high", "isolation: worktree"],
        ...["maxTurns: 5", "initialPrompt: hello", "mcpServers:", "  - github", "  - slack: { command: npx }"],
        ...["hooks:", "  PreToolUse:", "    - matcher: Bash", "      hooks: [{ type: command, command: ./check.sh }]"],
      ].join("\n"),
    );

    expect(found).toMatchObject({
      ...{ tools: ["Read", "Grep", "mcp__github__list"], disallowedTools: ["Write", "Edit"], model: "opus[1m]" },
      ...{ permissionMode: "acceptEdits" },
      notes: [
        expect.stringMatching(
          /^skills, memory, background, effort, isolation, maxTurns, initialPrompt, mcpServers, hooks: not obeyed/,
        ),
      ],
    });
  });

  it("is not refused for a colour that is none", () => {
    expect(good("name: x\ncolor: 5")).toMatchObject({ color: null });
  });

  it("may spawn nothing, has all tools and no limits unless it says so", () => {
    expect(good("name: x")).toMatchObject({
      ...{
        tools: null,
        spawn: false,
        limits: { maxAgents: null, maxTokens: null, maxCost: null },
        permissionMode: null,
      },
    });
    expect(good("name: x\ntools: []").tools).toEqual([]);
    expect(good("name: x\ntools: '*'").tools).toBeNull();
  });

  it("is taken as Claude Code takes it where its description is no YAML", () => {
    const text =
      "name: x\ndescription: Use it: always. Examples: <example>user: 'hi'</example> # not a comment\ntools: Read";

    const found = good(text, "user-agents");

    expect(found.description).toBe("Use it: always. Examples: <example>user: 'hi'</example> # not a comment");
    expect(found.tools).toEqual(["Read"]);
  });

  it("is no role in Claude Code's folders without a name, and a mistake in ours without front matter", () => {
    expect(readRole(file("# Read me\n"), "project-agents")).toBeUndefined();
    expect(readRole(file("# Read me\n"), "project")).toMatchObject({ line: 1 });
    expect(good("description: named after its file").name).toBe("some");
  });

  it("names the line of what is wrong", () => {
    expect(bad("name: x\ntools: [Read, 5]")).toEqual([3, "tools.1: write the names of tools"]);
    expect(bad("name: x\n\npermissions:\n  deny:\n    - Read\n    - Bash(rm")[0]).toBe(7);
    expect(bad("name: x\npermission-mode: sometimes")).toEqual([
      3,
      expect.stringMatching(/^permission-mode: write one of/),
    ]);
    expect(bad("name: x\nspawn: maybe")).toEqual([3, "spawn: write true or false"]);
    expect(bad("name: x\ndescription: [unclosed\nmodel: y")[0]).toBeGreaterThanOrEqual(3);
    expect(bad("- a\n- b")[1]).toContain("no list of keys");
  });

  it("cannot smuggle flags into Claude Code's command line", () => {
    expect(bad("name: x\nmodel: --dangerously-skip-permissions")[0]).toBe(3);
    expect(bad("name: x\ntools: --dangerously-skip-permissions")[0]).toBe(3);
  });

  it("B10: cannot switch off every question: that is asked for with a flag", () => {
    const found = good("name: x\npermissionMode: bypassPermissions");
    expect(found.permissionMode).toBeNull();
    expect(found.notes).toEqual([expect.stringContaining("--permission-mode")]);
  });
});

describe("the roles of several places", () => {
  const named = (name: string, more = "") => file(`---\nname: ${name}\n${more}---\n`, `/p/${name}.md`);
  const broken = (name: string) => file(`---\nname: ${name}\nspawn: maybe\n---\n`, `/p/${name}.md`);
  const collect = (places: Partial<Record<RoleOrigin, MarkdownFile[]>>) =>
    collectRoles(Object.entries(places).map(([origin, files]) => ({ origin: origin as RoleOrigin, files })));

  it("are compared without case, spaces, - and _", () => {
    expect(new Set(["Code Reviewer", "code_reviewer", "code-reviewer", "CODEREVIEWER"].map(roleKey)).size).toBe(1);
  });

  it("count by the first place, whatever order they are read in", () => {
    const roles = collect({
      "built-in": [named("a")],
      user: [named("A")],
      "user-agents": [named("a")],
      "project-agents": [named("a")],
    });
    expect(findRole(roles, "a").origin).toBe("project-agents");
    expect(findRole(collect({ "built-in": [named("a")], project: [named("a")] }), "a").origin).toBe("project");
  });

  it("let a name go before an alias, and an alias to whom has it first", () => {
    const roles = collect({
      "built-in": [named("reviewer", "aliases: [code-reviewer, critic]\n")],
      "project-agents": [named("code-reviewer"), named("z", "aliases: [critic]\n")],
    });
    expect(findRole(roles, "code_reviewer").origin).toBe("project-agents");
    expect(findRole(roles, "critic").name).toBe("z");
    expect(roles.roles.find(({ name }) => name === "reviewer")?.aliases).toEqual([]);
  });

  it("are not passed over for one further down when their file is wrong: that might have more rights", () => {
    const roles = collect({
      project: [broken("reviewer")],
      "built-in": [named("reviewer", "aliases: code-reviewer\n"), named("tester")],
    });
    const invalid = expect.objectContaining({
      code: "ROLE_FILE_INVALID",
      message: expect.stringContaining("/p/reviewer.md:3: "),
    });
    expect(() => findRole(roles, "reviewer")).toThrow(invalid);
    expect(() => findRole(roles, "code-reviewer"), "by an alias of the one further down").toThrow(invalid);
    expect(findRole(roles, "tester").name).toBe("tester");
    const shadowed = collect({ user: [broken("reviewer")], project: [named("reviewer")] });
    expect(findRole(shadowed, "reviewer").origin).toBe("project");
  });

  it("are told apart from one another when a name is misspelt", () => {
    const roles = collect({ "built-in": [named("reviewer"), named("tester")] });
    expect(() => findRole(roles, "revewer")).toThrow(
      expect.objectContaining({ code: "ROLE_NOT_FOUND", hint: expect.stringContaining("reviewer") }),
    );
  });
});

describe("the rules of a role in a session", () => {
  const policy: PolicyRule[] = [
    { effect: "allow", rule: "Edit(src/**)", role: null },
    { effect: "allow", rule: "WebSearch", role: "Code_Reviewer" },
    { effect: "deny", rule: "Bash", role: "tester" },
  ];
  const reviewer = role({
    name: "reviewer",
    aliases: ["code-reviewer"],
    disallowedTools: ["Edit"],
    rules: [{ effect: "ask", rule: "Bash(git log:*)" }],
  });

  it("are those of its file and those of the session, by any of its names, each with its source", () => {
    expect(rulesOf(reviewer, { policy })).toEqual([
      { effect: "deny", rule: "Edit", source: "role" },
      { effect: "ask", rule: "Bash(git log:*)", source: "role" },
      { effect: "allow", rule: "Edit(src/**)", source: "session" },
      { effect: "allow", rule: "WebSearch", source: "session" },
    ]);
  });

  it("overrule one another only upwards: deny over ask over allow", () => {
    const rules = rulesOf(reviewer, { policy });
    const [deny, ask, allow] = rules;
    if (!deny || !ask || !allow) throw new Error("three rules");
    expect([deny, ask, allow].map((one) => overruledBy(one, rules)?.rule)).toEqual([undefined, undefined, "Edit"]);
    const everything = { effect: "deny" as const, rule: "*", source: "session" as const };
    expect(overruledBy(ask, [...rules, everything])?.rule).toBe("*");
  });
});
