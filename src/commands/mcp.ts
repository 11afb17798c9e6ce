import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { SECURITY_LEVELS } from "../core/session.ts";

export default class Mcp extends BaseCommand {
  static override summary = "Serve MCP on standard input and output";
  static override description =
    "Serves all operations as MCP tools on stdio, for Claude Code, Claude Desktop or any other client. Agents get an entry of their own that identifies them and reaches only their session.";
  static override examples = ["<%= config.bin %> mcp", "$ claude mcp add claude-orch -- npx -y claude-orch mcp"];
  static override flags = {
    "security-level": Flags.string({ description: "Security level of new sessions", options: [...SECURITY_LEVELS] }),
    "max-agents": Flags.string({ description: "Agents that a session may have", helpValue: "<number>" }),
    "max-sessions": Flags.string({ description: "Sessions that there may be", helpValue: "<number>" }),
    "log-dir": Flags.string({
      description: "Folder of the log files; relative to the current one",
      helpValue: "<folder>",
    }),
  };

  protected override async execute({ signal }: Parameters<BaseCommand["execute"]>[0]): Promise<number> {
    const { flags } = await this.parse(Mcp);
    const { runMcp } = await import("../mcp/run-mcp.ts");
    await runMcp({
      signal,
      flags: {
        securityLevel: flags["security-level"],
        maxAgents: flags["max-agents"],
        maxSessions: flags["max-sessions"],
        logDir: flags["log-dir"],
      },
    });
    return 0;
  }
}
