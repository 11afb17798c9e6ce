import { appendFile, chmod, mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { LaunchPlan, LaunchRequest } from "../../core/ports/agent-program.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { type AgentFiles, agentFiles, launchFiles } from "./agent-files.ts";
import { claudeArguments } from "./claude-arguments.ts";
import { editorScript } from "./editor-script.ts";
import { agentSettings } from "./hook-settings.ts";
import { environmentScript, launcherScript } from "./launcher-script.ts";
import { writePrivateFile } from "./private-file.ts";
import { agentSystemPrompt } from "./system-prompt.ts";
import { agentPermissions, MCP_ENTRY } from "./tool-permissions.ts";

/**
 * Writes the agent's folder below `home` and returns the launcher that a terminal shall execute, once. The spool stays
 * from launch to launch. Nothing outside the folder is touched: neither the person's Claude Code settings nor the codebase.
 * @throws INVALID_INPUT when the agent's extra arguments hold a flag that is ours
 */
export async function prepareLaunch(
  request: LaunchRequest,
  options: { home: string; isHeadless?: boolean },
): Promise<LaunchPlan> {
  const { agent, session, role, protocol } = request;
  const files = agentFiles(options.home, agent.id);
  const { launcher, environment } = launchFiles(files, request.tag);
  const argv = [agent.claudeBin, ...claudeArguments(request, files, options)];
  const env = agentEnvironment(request.env, { agentId: agent.id, editor: files.editor, isTrusted: session.isTrusted });

  await clearEarlierLaunch(files);
  await Promise.all([
    appendFile(files.spool, "", { mode: 0o600 }),
    writePrivateFile(
      files.settings,
      json(agentSettings(files, agentPermissions(session, role), { ...options, autoResume: request.autoResume })),
    ),
    writePrivateFile(files.token, `${request.workerToken}\n`),
    writePrivateFile(files.mcpConfig, json(mcpConfig(request, options.home, files))),
    writePrivateFile(files.systemPrompt, agentSystemPrompt(agent, session, role, protocol)),
    writePrivateFile(files.editor, editorScript(files.input), 0o700),
    writePrivateFile(files.launch, json(launchRecord(request, files))),
    writePrivateFile(environment, environmentScript(env)),
    writePrivateFile(
      launcher,
      launcherScript({ launcher, environment, pidFile: files.pid, processFile: files.process, cwd: agent.cwd, argv }),
      0o700,
    ),
  ]);
  return { launcher, title: agent.name };
}

/** Removes what was written for the agent. Idempotent. */
export async function removeAgentFiles(home: string, agentId: string): Promise<void> {
  await rm(agentFiles(home, agentId).folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Removes what only a running Claude Code needs. What tells of the launch stays: events and settings (which rules it had),
 * pid, launch record, counted tokens. Idempotent.
 */
export async function removeLaunchFiles(home: string, agentId: string): Promise<void> {
  const files = agentFiles(home, agentId);
  const names = await readdir(files.folder).catch(() => []);
  const launchers = names.filter((name) => /^(launch|env)-/.test(name)).map((name) => path.join(files.folder, name));
  const { input, requests, editor, token, mcpConfig, systemPrompt } = files;
  const gone = [...launchers, input, requests, editor, token, mcpConfig, systemPrompt];
  await Promise.all(gone.map((file) => rm(file, { recursive: true, force: true, maxRetries: 3 })));
}

/** A launch that never took place leaves an environment, an old process its pid, a crash a prepared text. */
async function clearEarlierLaunch(files: AgentFiles): Promise<void> {
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await chmod(files.folder, 0o700);
  await rm(files.input, { recursive: true, force: true });
  await mkdir(files.input, { mode: 0o700 });
  await rm(files.requests, { recursive: true, force: true });
  await mkdir(files.requests, { mode: 0o700 });
  const stale = (await readdir(files.folder)).filter((name) => /^(launch|env)-|^(pid|process|connected)$/.test(name));
  await Promise.all(stale.map((name) => rm(path.join(files.folder, name), { force: true })));
}

function mcpConfig(request: LaunchRequest, home: string, files: AgentFiles) {
  const [command, ...args] = request.mcpCommand;
  const env = {
    CLAUDE_ORCH_HOME: home,
    CLAUDE_ORCH_TOKEN_FILE: files.token,
    CLAUDE_ORCH_CONNECTED_FILE: files.connected,
  };
  return { mcpServers: { [MCP_ENTRY]: { type: "stdio", command, args, env } } };
}

function launchRecord(request: LaunchRequest, files: AgentFiles) {
  const { agent, session, conversation } = request;
  return {
    agentId: agent.id,
    tag: request.tag,
    conversationId: conversation.id,
    mode: conversation.mode,
    configDir: agent.configDir,
    spool: files.spool,
    cwd: agent.cwd,
    name: agent.name,
    sessionName: session.name,
    claudeBin: agent.claudeBin,
    claudeVersion: agent.claudeVersion,
    model: agent.model,
    permissionMode: agent.permissionMode,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
