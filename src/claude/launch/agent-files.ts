import path from "node:path";

/** Absolute paths of everything in an agent's folder, `<home>/agents/<agentId>/` (0700; files 0600, scripts 0700). */
export interface AgentFiles {
  folder: string;
  settings: string;
  mcpConfig: string;
  token: string;
  /** Made by our MCP server when Claude Code has asked it for its tools: from then on the agent has them. */
  connected: string;
  systemPrompt: string;
  /** Hook events, one JSON object a line. */
  spool: string;
  /** pid of Claude Code, written by the launcher just before it becomes Claude Code. */
  pid: string;
  /** Claude Code's line of `/proc/<pid>/stat`, where the system has it, written by the launcher too. */
  process: string;
  /** What this launch is, for whoever has only the launcher's path. */
  launch: string;
  /** What Claude Code takes for the person's editor; its name alone says whose it is, should it be found through PATH. */
  editor: string;
  /** Texts prepared for the editor. */
  input: string;
  /** A FIFO for each PermissionRequest hook that waits for an answer, and the answers. */
  requests: string;
}

export function agentFiles(home: string, agentId: string): AgentFiles {
  const folder = path.join(home, "agents", agentId);
  const inFolder = (name: string) => path.join(folder, name);
  return {
    folder,
    settings: inFolder("settings.json"),
    mcpConfig: inFolder("mcp.json"),
    token: inFolder("token"),
    connected: inFolder("connected"),
    systemPrompt: inFolder("prompt.md"),
    spool: inFolder("events.jsonl"),
    pid: inFolder("pid"),
    process: inFolder("process"),
    launch: inFolder("launch.json"),
    editor: inFolder("claude-orch-editor"),
    input: inFolder("input"),
    requests: inFolder("requests"),
  };
}

/** The launcher and the environment it reads and deletes; the tag in their names is the nonce of the launch. */
export function launchFiles(files: AgentFiles, tag: string): { launcher: string; environment: string } {
  return {
    launcher: path.join(files.folder, `launch-${tag}`),
    environment: path.join(files.folder, `env-${tag}`),
  };
}
