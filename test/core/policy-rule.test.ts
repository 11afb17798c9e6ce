import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { coversUse } from "../../src/core/policy-match.ts";
import { nearTools, parsePolicyRule } from "../../src/core/policy-rule.ts";

/** Every line was seen to be so in 2.1.197 and 2.1.330, by running such uses under such rules. */
describe("a permission rule", () => {
  it.each([
    ["Bash", "Bash", null],
    ["Bash(npm test:*)", "Bash", "npm test:*"],
    ["Bash(git * main)", "Bash", "git * main"],
    ["Bash(echo (x))", "Bash", "echo (x)"],
    ["Bash(echo \\))", "Bash", "echo \\)"],
    ["Read(./secrets/**)", "Read", "./secrets/**"],
    ["Read(//etc/**)", "Read", "//etc/**"],
    ["Edit(src/**)", "Edit", "src/**"],
    ["WebFetch(domain:example.com)", "WebFetch", "domain:example.com"],
    ["WebFetch(domain:*.example.com)", "WebFetch", "domain:*.example.com"],
    ["mcp__server", "mcp__server", null],
    ["mcp__my_server__some_tool", "mcp__my_server__some_tool", null],
    ["mcp__server__*", "mcp__server__*", null],
    ["SomeNewTool(x)", "SomeNewTool", "x"],
  ])("%s is one", (text, tool, argument) => {
    expect(parsePolicyRule(text, "allow")).toEqual({ tool, argument });
  });

  it.each([
    ["", /empty/],
    ["  ", /empty/],
    ["Bash(", /brackets do not match/],
    ["Bash)", /brackets do not match/],
    ["Bash(a", /brackets do not match/],
    ["Bash(a))", /brackets do not match/],
    ["Bash(a(b)", /brackets do not match/],
    ["Bash(a),Bash(b)", /brackets do not match/],
    ["Bash(a) b", /brackets do not match/],
    ["Bash()", /brackets are empty/],
    ["Bash(a\nb)", /control character/],
    ["Bash(\u001b[31m)", /control character/],
    [`Bash(${"x".repeat(600)})`, /longer than/],
    ["bash(x)", /no name of a tool/],
    ["Bash (x)", /no name of a tool/],
    [" Bash", /no name of a tool/],
    ["*", /not allowed/],
    ["mcp__", /mcp__server/],
    ["mcp__*", /mcp__server/],
    ["mcp__server(x)", /no argument/],
    ["Bash(:*)", /no command before/],
    ["Bash(a:* b)", /only at the end/],
    ["Read(a:*)", /not for paths/],
    ["Read(/secrets/**)", /not absolute/],
    ["Write(src/**)", /by its Edit rules/],
    ["Grep(src/**)", /by its Read rules/],
    ["WebFetch(example.com)", /is a domain/],
    ["WebSearch(x*)", /no wildcards/],
  ])("%j is none, and it is said why", (text, why) => {
    const parse = () => parsePolicyRule(text, "allow");
    expect(parse).toThrow(AppError);
    expect(parse).toThrow(why);
    expect(parse).toThrow(expect.objectContaining({ code: "POLICY_RULE_INVALID" }));
  });

  it("may cover every tool where it forbids, not where it allows", () => {
    expect(parsePolicyRule("*", "deny")).toEqual({ tool: "*", argument: null });
  });

  it("with a misspelt tool gets a hint, and is allowed where it could be a tool", () => {
    expect(() => parsePolicyRule("bash", "allow")).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/Bash/) }),
    );
    expect(nearTools("Bsh")).toContain("Bash");
    expect(nearTools("Bash")).toBeUndefined();
    expect(nearTools("Frobnicate")).toBeUndefined();
  });
});

const CWD = "/home/dev/app";

function covers(rule: string, tool: string, input: Record<string, unknown>): boolean {
  return coversUse(parsePolicyRule(rule, "deny"), { tool, input, cwd: CWD, home: "/home/dev" });
}

describe("the rule behind a decision", () => {
  it.each([
    ["Bash", "frob", true],
    ["Bash(*)", "frob", true],
    ["Bash(frob test:*)", "frob test", true],
    ["Bash(frob test:*)", "frob test x", true],
    ["Bash(frob test:*)", "frob  test", true],
    ["Bash(frob test:*)", "frob testx", false],
    ["Bash(frob test:*)", "cd src && frob test", true],
    ["Bash(frob test:*)", "frob test | cat", true],
    ["Bash(frob test:*)", "timeout 5 frob test", true],
    ["Bash(frob test:*)", "FOO=1 frob test", true],
    ["Bash(frob test:*)", "sudo env frob test x > out.txt", true],
    ["Bash(frob test:*)", "echo 'x; frob test'", false],
    ["Bash(frob test)", "frob test", true],
    ["Bash(frob test)", " frob test ", true],
    ["Bash(frob test)", "frob test x", false],
    ["Bash(frob * main)", "frob push origin main", true],
    ["Bash(frob * main)", "frob main", false],
    ["Bash(frob * main)", "frob push mainx", false],
    ["Bash(frob * main)", "frob push main x", false],
    ["Bash(frob *)", "frob", true],
    ["Bash(frob *)", "frobx", false],
    ["Bash(frob*)", "frobx", true],
  ])("%s and the command %j: %s", (rule, command, expected) => {
    expect(covers(rule, "Bash", { command })).toBe(expected);
  });

  it.each([
    ["Read(./secrets/**)", "secrets/a", true],
    ["Read(./secrets/**)", "secrets/deep/b", true],
    ["Read(./secrets/**)", "secretsx/a", false],
    ["Read(secrets)", "secrets/a", true],
    ["Read(secrets/)", "secrets/a", true],
    ["Read(*.env)", "x.env", true],
    ["Read(*.env)", "src/x.env", true],
    ["Read(**/a)", "src/a", true],
    ["Read(a)", "src/a", true],
    ["Read(a)", "other.txt", false],
    [`Read(/${CWD}/secrets/**)`, "secrets/a", true],
    ["Read(~/app/secrets/**)", "secrets/a", true],
    ["Read(~/other/**)", "secrets/a", false],
  ])("%s and the file %s: %s", (rule, file, expected) => {
    expect(covers(rule, "Read", { file_path: `${CWD}/${file}` })).toBe(expected);
  });

  it("follows Claude Code in which tools a rule is about", () => {
    const input = { file_path: `${CWD}/src/a` };
    expect(covers("Edit(src/**)", "Write", input)).toBe(true);
    expect(covers("Edit", "Write", input)).toBe(false);
    expect(covers("Edit(src/**)", "Read", input)).toBe(false);
    expect(covers("mcp__s", "mcp__s__one", {})).toBe(true);
    expect(covers("mcp__s", "mcp__sx__one", {})).toBe(false);
    expect(covers("mcp__s__one", "mcp__s__one", {})).toBe(true);
    expect(covers("mcp__s__one", "mcp__s__one__more", {})).toBe(false);
    expect(covers("mcp__s__o*", "mcp__s__two", {})).toBe(false);
    expect(covers("*", "Anything", {})).toBe(true);
  });

  it.each([
    ["https://example.com/x", true],
    ["http://EXAMPLE.com", true],
    ["https://sub.example.com", false],
    ["https://other.org/example.com", false],
  ])("WebFetch(domain:example.com) and %s: %s", (url, expected) => {
    expect(covers("WebFetch(domain:example.com)", "WebFetch", { url })).toBe(expected);
  });
});
