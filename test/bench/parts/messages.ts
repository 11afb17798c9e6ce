import { open, readFile, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { agentFiles } from "../../../src/claude/launch/agent-files.ts";
import { compose } from "../../../src/compose.ts";
import type { AgentView } from "../../../src/core/agent.ts";
import { agentSend } from "../../../src/operations/agent/send.ts";
import { agentSpawn } from "../../../src/operations/agent/spawn.ts";
import { agentWait } from "../../../src/operations/agent/wait.ts";
import { callOperation } from "../../../src/operations/call.ts";
import type { Context } from "../../../src/operations/context.ts";
import { sessionCreate } from "../../../src/operations/session/create.ts";
import { openWorld, type World } from "../../e2e/support/world.ts";
import { claudeVersions } from "../../support/claude-sandbox.ts";
import { median } from "../measure.ts";
import type { Row } from "../row.ts";

const ROUNDS = 20;
const LIMIT_MS = 15_000;

interface Bench {
  world: World;
  context: Context;
  agent: AgentView;
  /** Collected times by name, milliseconds. */
  times: Map<string, number[]>;
}

/** A prompt on its way into a real Claude Code, and its answer on the way back; in one process, and by hand in tmux. */
export async function measureMessages(): Promise<Row[]> {
  const [claude] = claudeVersions();
  if (!claude) throw new Error("There is no Claude Code to measure with");
  const world = await openWorld(claude);
  const signal = new AbortController().signal;
  const context = await compose({ signal, env: world.env, cwd: world.sandbox.project });
  try {
    await callOperation(sessionCreate, { name: "bench", trust: true }, context);
    const { agent } = await callOperation(agentSpawn, {}, context);
    if (!agent) throw new Error("No agent was started");
    const bench: Bench = { world, context, agent, times: new Map() };
    await callOperation(agentSend, { agent: agent.id, text: "warm up", wait: true }, context);
    for (let round = 0; round < ROUNDS; round++) {
      await sendAndWait(bench, `ours ${round}`);
      await typeByHand(bench, `by hand ${round}`, "files");
      await sendOnly(bench, `proved ${round}`);
      await typeByHand(bench, `by hand, looking ${round}`, "screen");
      await sendAsCommand(bench, `command ${round}`);
    }
    return rowsOf(bench.times);
  } finally {
    await context.store.close();
    await world.dispose();
  }
}

/**
 * The aims are 60 ms each, on a machine where Claude Code itself needs 47 ms from Enter to its request and 30 ms from the
 * answer to the screen. On one of another speed the same aim is a ratio to what Claude Code needs there.
 */
const AIM_MS = 60;
const ENTER_MS = 47;
const SCREEN_MS = 30;

function rowsOf(times: Map<string, number[]>): Row[] {
  const of = (name: string) => median(times.get(name) ?? []);
  const row = (what: string, ours: string, baseline: string, value: string, aim?: Row["aim"]): Row => ({
    ...{ what, ours: of(ours), baseline: { name: baseline, value: of(value) }, unit: "ms" },
    ...(aim === undefined ? {} : { aim }),
  });
  const inMs = { kind: "at most", limit: AIM_MS } as const;
  const timesBaseline = (limit: number) => ({ kind: "times baseline", limit: Number(limit.toFixed(2)) }) as const;
  const answered = "last byte of reply → answer returned";
  return [
    row("send → model request", "request", "tmux: text, Enter → model request", "hand: request", inMs),
    row(
      "send → model request",
      "request",
      "tmux: Enter → model request",
      "hand: enter",
      timesBaseline(AIM_MS / ENTER_MS),
    ),
    row("send → `recorded` returned", "recorded", "tmux: text, Enter → user record", "hand: record"),
    row("agent send, command, recorded", "command", "the same in process", "recorded"),
    row(answered, "answer", "→ Stop event in the spool", "hand: stop", inMs),
    row(answered, "answer", "→ record in the transcript", "hand: answer"),
    row(answered, "answer", "→ text on the screen", "hand: screen", timesBaseline(AIM_MS / SCREEN_MS)),
  ];
}

function note({ times }: Bench, name: string, time: number): void {
  times.set(name, [...(times.get(name) ?? []), time]);
}

function requestFor({ world }: Bench, text: string) {
  const request = world.model.requests.find(({ kind, prompt }) => kind === "turn" && prompt === text);
  if (request?.repliedAt === undefined) throw new Error(`The model was not asked: ${text}`);
  return { receivedAt: request.receivedAt, repliedAt: request.repliedAt };
}

async function sendAndWait(bench: Bench, text: string): Promise<void> {
  const start = Date.now();
  const { message } = await callOperation(agentSend, { agent: bench.agent.id, text, wait: true }, bench.context);
  const end = Date.now();
  if (message.answer?.text !== `echo: ${text}`) throw new Error(`Not the answer to ${text}`);
  const request = requestFor(bench, text);
  note(bench, "request", request.receivedAt - start);
  note(bench, "answer", end - request.repliedAt);
  await untilIdle(bench);
}

async function sendOnly(bench: Bench, text: string): Promise<void> {
  const start = Date.now();
  await callOperation(agentSend, { agent: bench.agent.id, text }, bench.context);
  note(bench, "recorded", Date.now() - start);
  await untilIdle(bench);
}

async function sendAsCommand(bench: Bench, text: string): Promise<void> {
  const start = Date.now();
  const sent = await bench.world.cli(["agent", "send", bench.agent.id, text]);
  if (sent.exitCode !== 0) throw new Error(sent.stderr);
  note(bench, "command", Date.now() - start);
  await untilIdle(bench);
}

/** What a person or a bare script would do. Files and screen are watched in different rounds: watching costs time, too. */
async function typeByHand(bench: Bench, text: string, watched: "files" | "screen"): Promise<void> {
  const { world, context, agent } = bench;
  const spool = agentFiles(context.home, agent.id).spool;
  const transcript = await transcriptOf(bench);
  const [spoolSize, transcriptSize] = [(await stat(spool)).size, (await stat(transcript)).size];
  const seen: Record<string, Promise<number>> = watched === "screen"
    ? {
        screen: until(async () =>
          (await world.tmux("capture-pane", "-p", "-t", pane(agent))).includes(`echo: ${text}`),
        ),
      }
    : {
        record: until(() => tailHas(transcript, transcriptSize, text)),
        answer: until(() => tailHas(transcript, transcriptSize, `echo: ${text}`)),
        stop: until(() => tailHas(spool, spoolSize, '"hook_event_name":"Stop"')),
      };
  const start = Date.now();
  await world.tmux("send-keys", "-t", pane(agent), "-l", text);
  const enter = Date.now();
  await world.tmux("send-keys", "-t", pane(agent), "Enter");
  const times = Object.fromEntries(
    await Promise.all(Object.entries(seen).map(async ([name, time]) => [name, await time] as const)),
  );
  const request = requestFor(bench, text);
  if (watched === "files") {
    note(bench, "hand: request", request.receivedAt - start);
    note(bench, "hand: enter", request.receivedAt - enter);
  }
  for (const [name, time] of Object.entries(times)) {
    note(bench, `hand: ${name}`, time - (name === "record" ? start : request.repliedAt));
  }
  await untilIdle(bench);
}

function pane({ terminal }: AgentView): string {
  return terminal ?? "";
}

async function transcriptOf({ context, agent }: Bench): Promise<string> {
  const stored = await context.store.agents.get(agent.id);
  const program = await context.program("tmux");
  const path = stored && agent.conversationId && (await program.transcriptPath(stored, agent.conversationId));
  if (!path) throw new Error("The agent has no transcript");
  return path;
}

async function tailHas(file: string, from: number, text: string): Promise<boolean> {
  if ((await stat(file)).size === from) return false;
  if (from === 0) return (await readFile(file, "utf8")).includes(text);
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(1 << 20), position: from });
    return buffer.toString("utf8", 0, bytesRead).includes(text);
  } finally {
    await handle.close();
  }
}

/** When it was true for the first time. */
async function until(isTrue: () => Promise<boolean>): Promise<number> {
  const end = Date.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error("Waited too long");
    await delay(2);
  }
  return Date.now();
}

/** Nothing of the turn before is still being written when the next one starts. */
async function untilIdle({ context, agent }: Bench): Promise<void> {
  await callOperation(agentWait, { agents: [agent.id] }, context);
  await delay(400);
}
