import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TERMINAL_VARIABLES } from "../../../src/claude/launch/agent-environment.ts";
import { agentFiles } from "../../../src/claude/launch/agent-files.ts";
import { shellQuote } from "../../../src/claude/launch/shell-quote.ts";
import { compose } from "../../../src/compose.ts";
import type { AgentView } from "../../../src/core/agent.ts";
import { agentSpawn } from "../../../src/operations/agent/spawn.ts";
import { callOperation } from "../../../src/operations/call.ts";
import { identifyProcess } from "../../../src/platform/process-identity.ts";
import { openWorld, type World } from "../../e2e/support/world.ts";
import { claudeVersions } from "../../support/claude-sandbox.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";

const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 5;

/** From the command to a Claude Code that takes prompts, beside the same Claude Code started by hand. */
export async function measureSpawn(): Promise<Row[]> {
  const [claude] = claudeVersions();
  if (!claude) throw new Error("There is no Claude Code to measure with");
  const world = await openWorld(claude);
  const signal = new AbortController().signal;
  const context = await compose({ signal, env: world.env, cwd: world.sandbox.project });
  try {
    await cli(world, "session", "create", "--name", "bench", "--trust");
    // Lives through the whole measurement: its files are what those started by hand are started with.
    const [model] = await spawn(world);
    if (!model) throw new Error("No agent was started");
    const one = await alternate(10, {
      ours: async () => removal(world, await spawn(world)),
      byHand: () => startByHand(world, model, 1),
      inProcess: async () => {
        const { agent } = await callOperation(agentSpawn, {}, context);
        return removal(world, agent ? [agent] : []);
      },
    });
    // With a round to warm up: the first eight processes of this size cost the machine seconds of its own.
    const eight = await alternate(6, {
      ours: async () => removal(world, await spawn(world, "--count", "8")),
      byHand: () => startByHand(world, model, 8),
      inProcess: async () => {
        const { agents } = await callOperation(agentSpawn, { count: 8 }, context);
        return removal(world, agents ?? []);
      },
    });
    const row = (what: string, times: { ours: number; byHand: number }): Row => ({
      ...{ what, ours: times.ours, unit: "ms" },
      baseline: { name: "tmux + claude, same flags, until idle", value: times.byHand },
      aim: { kind: "times baseline", limit: 1.1 },
    });
    return [
      row("agent spawn", one),
      row("agent spawn, in process", { ours: one.inProcess, byHand: one.byHand }),
      row("agent spawn --count 8", eight),
      row("agent spawn --count 8, in process", { ours: eight.inProcess, byHand: eight.byHand }),
    ];
  } finally {
    await context.store.close();
    await world.dispose();
  }
}

async function cli(world: World, ...args: string[]) {
  const result = await world.cli([...args, "--json"]);
  if (result.exitCode !== 0) throw new Error(`claude-orch ${args.join(" ")} failed: ${result.stdout}`);
  return result.json<{ agent?: AgentView; agents?: AgentView[] }>();
}

async function spawn(world: World, ...args: string[]): Promise<AgentView[]> {
  const { agent, agents } = await cli(world, "agent", "spawn", ...args);
  return agents ?? (agent ? [agent] : []);
}

function removal(world: World, agents: readonly AgentView[]) {
  return async () => {
    for (const { id } of agents) await cli(world, "agent", "delete", id, "--yes", "--force");
  };
}

async function startByHand(world: World, model: AgentView, count: number): Promise<() => Promise<void>> {
  const started = await Promise.all(Array.from({ length: count }, () => openByHand(world, model)));
  await Promise.all(started.map(({ pid }) => untilIdle(world, pid)));
  return async () => {
    for (const { pane } of started) await world.tmux("kill-pane", "-t", pane);
    await Promise.all(started.map(({ pid }) => untilGone(pid)));
  };
}

/**
 * As a script would: with the terminal's own variables. Claude Code takes some 60 ms longer to start where it finds
 * itself in tmux, and so it does for an agent.
 */
async function openByHand({ tmux, env, home, sandbox }: World, model: AgentView) {
  const files = agentFiles(home, model.id);
  const isCallers = ([name]: [string, string]) => !TERMINAL_VARIABLES.some((variable) => variable === name);
  const environment = [...Object.entries(env).filter(isCallers), ["CLAUDE_CODE_SANDBOXED", "1"]];
  const command = [
    ...["exec", "/usr/bin/env", "-i", ...TERMINAL_VARIABLES.map((name) => `\${${name}+"${name}=$${name}"}`)],
    ...environment.map(([name, value]) => shellQuote(`${name}=${value}`)),
    ...[shellQuote(sandbox.claude.bin), "--session-id", randomUUID(), "--name", "by-hand"],
    ...["--mcp-config", shellQuote(files.mcpConfig), "--settings", shellQuote(files.settings)],
    ...["--append-system-prompt-file", shellQuote(files.systemPrompt), "--permission-mode", model.permissionMode],
  ].join(" ");
  const size = ["-x", "200", "-y", "50"];
  const format = ["-P", "-F", "#{pane_id} #{pane_pid}"];
  const out = await tmux("new-session", "-d", ...size, ...format, "-c", sandbox.project, command);
  const [pane = "", pid = ""] = out.trim().split(" ");
  return { pane, pid: Number(pid) };
}

async function untilIdle({ sandbox }: World, pid: number): Promise<void> {
  const file = join(sandbox.configDir, "sessions", `${pid}.json`);
  await until(async () => /"status":\s*"idle"/.test(await readFile(file, "utf8").catch(() => "")));
}

/** Gone is also one that tmux has not reaped yet. */
async function untilGone(pid: number): Promise<void> {
  await until(async () => identifyProcess(pid) === undefined);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error("Waited too long");
    await delay(LOOK_EVERY_MS);
  }
}
