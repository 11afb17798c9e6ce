import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { flagName } from "../../../src/operations/field-names.ts";
import { operations } from "../../../src/operations/index.ts";
import { collect } from "../../e2e/support/world.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const BIN = new URL("../../../bin/run.js", import.meta.url).pathname;

/** Without PATH, HOME, Claude Code, tmux, and with a home folder that does not exist. */
async function bare(args: readonly string[], home = "/nowhere/claude-orch") {
  const child = spawn(process.execPath, [BIN, ...args], { env: { CLAUDE_ORCH_HOME: home } });
  child.stdin.end();
  return collect(child, args);
}

describe("R1-38: help works on a bare machine", () => {
  it.each(operations.map((operation) => [operation.name.replaceAll(".", " "), operation] as const))(
    "R1-19: %s --help names its summary, arguments, flags, risk and examples",
    async (command, operation) => {
      const { exitCode, stdout, stderr } = await bare([...command.split(" "), "--help"]);

      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(operation.summary);
      expect(stdout).toContain(`Risk: ${operation.risk}.`);
      const { args = [], rest, hidden = [], examples = [] } = operation.cli ?? {};
      for (const field of Object.keys(operation.input.shape)) {
        if (field === rest || hidden.includes(field)) continue;
        expect(stdout).toContain(args.includes(field) ? field.toUpperCase() : `--${flagName(field)}`);
      }
      for (const flag of ["--json", "--no-color", ...(operation.effect === "destroy" ? ["--yes"] : [])]) {
        expect(stdout).toContain(flag);
      }
      for (const example of examples) {
        // Whole command lines, to be copied as they are: with the program's name, and only with flags that there are.
        const line = stdout.split("\n").find((one) => one.trim().startsWith("$ ") && one.includes(example));
        expect(line, example).toMatch(/^ *\$ (?:claude-orch |.*\| claude-orch )/);
        const own = /\bclaude-orch (.*)$/.exec(line ?? "")?.[1]?.replace(/'[^']*'|"[^"]*"| -- .*/g, "") ?? "";
        for (const [flag] of own.matchAll(/(?<= )--[a-z-]+/g)) expect(stdout, example).toContain(`${flag}`);
      }
      for (const line of stdout.split("\n")) expect(line.trimEnd().length).toBeLessThanOrEqual(160);
    },
  );

  it.each([
    [["--help"], /TOPICS\n {2}agent .*COMMANDS\n {2}broadcast /s],
    [[], /TOPICS\n/],
    [["help"], /TOPICS\n/],
    [["help", "agent", "send"], /^Deliver a prompt to an agent/],
    [["agent"], /agent spawn .*agent wait /s],
    [["agent", "--help"], /agent spawn .*agent wait /s],
    [["mcp", "--help"], /Serve MCP.*--security-level.*--max-agents.*--max-sessions.*--log-dir/s],
    [["demo", "--help"], /no account, no network/],
    [
      ["team", "coordinate", "--help"],
      /How they work together \(required\).*Agent ids or names, in this order; also A,B,C\s+\(required\)/s,
    ],
  ])("%j", async (args, shows) => {
    const { exitCode, stdout, stderr } = await bare(args);

    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(shows);
  });

  it("help and --version create nothing", async () => {
    const { path: root, remove } = await temporaryDirectory();
    const home = path.join(root, "orch");

    const version = await bare(["--version"], home);
    await bare(["status", "--help"], home);

    expect(version.stdout).toMatch(/^claude-orch\/\d+\.\d+\.\d+ \S+ node-v\d+/);
    await expect(access(home)).rejects.toMatchObject({ code: "ENOENT" });
    await remove();
  });
});
