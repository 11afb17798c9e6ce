import { describe, expect, it } from "vitest";
import { agentFiles } from "../../../src/claude/launch/agent-files.ts";
import { claudeArguments } from "../../../src/claude/launch/claude-arguments.ts";
import { agentSettings } from "../../../src/claude/launch/hook-settings.ts";
import type { ClaudeSandbox } from "../../support/claude-sandbox.ts";
import { launchRequest } from "../../support/launched-claude.ts";

const files = agentFiles("/home/of/ours", "agt_1");
const sandbox: ClaudeSandbox = {
  claude: { name: "newest", bin: "/bin/claude", version: "2.1.330" },
  root: "/",
  home: "/home",
  configDir: "/config",
  project: "/project",
  env: {},
  dispose: async () => undefined,
};

interface Settings {
  hooks: Record<string, { hooks: { command: string }[] }[]>;
}

describe("the launch of a headless agent", () => {
  it("lets no hook wait for the answer that the control protocol brings", () => {
    const permissions = { allow: [], deny: [], ask: [] };
    const commandOf = (settings: unknown, event: string) => (settings as Settings).hooks[event]?.[0]?.hooks[0]?.command;
    const headless = agentSettings(files, permissions, { isHeadless: true });
    const visible = agentSettings(files, permissions);

    expect(commandOf(headless, "PermissionRequest")).toBe(commandOf(headless, "PreToolUse"));
    expect(commandOf(visible, "PermissionRequest")).not.toBe(commandOf(visible, "PreToolUse"));
  });

  it("differs from that of any agent by the protocol alone", () => {
    const request = launchRequest(sandbox, { model: "sonnet", claudeArgs: ["--add-dir", "/x"] });
    const visible = claudeArguments(request, files);
    const headless = claudeArguments(request, files, { isHeadless: true });

    expect(headless.slice(-visible.length)).toEqual(visible);
    expect(headless.slice(0, -visible.length)).toEqual([
      "--print",
      ...["--input-format", "stream-json", "--output-format", "stream-json", "--verbose"],
      ...["--replay-user-messages", "--permission-prompt-tool", "stdio"],
    ]);
  });

  it("keeps the protocol out of a person's hands", () => {
    for (const flag of ["-p", "--input-format", "--output-format=text", "--permission-prompt-tool"]) {
      const request = launchRequest(sandbox, { claudeArgs: [flag] });
      expect(() => claudeArguments(request, files, { isHeadless: true }), flag).toThrow(/cannot be handed/);
    }
  });
});
