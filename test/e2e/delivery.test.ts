import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import type { AgentView } from "../../src/core/agent.ts";
import { AppError } from "../../src/core/errors.ts";
import type { MessageView } from "../../src/core/message.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { callOperation } from "../../src/operations/call.ts";
import type { Context } from "../../src/operations/context.ts";
import { RawClient } from "../mcp/support/raw-client.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { isFullDepth } from "../support/depth.ts";
import { hostilePrompts } from "../support/hostile-prompts.ts";
import { answerTo, judge, type Prompt, type Row, type Sent, summary } from "./support/delivery-verdict.ts";
import { type RecordedPrompt, recordedPrompts } from "./support/recorded-prompts.ts";
import { openWorld, type World } from "./support/world.ts";

const RUN = new URL("../../bin/run.js", import.meta.url).pathname;

/** All that went to one agent. */
interface Lane {
  rows: Row[];
  /** Ids of the turns that the messages name, in the order of sending. */
  claimed: (string | null)[];
  /** What the transcript and the model got meanwhile. */
  recorded: string[];
  attempts: number[];
}

interface CommandCase extends Prompt {
  args: readonly string[];
  input?: string | Buffer;
  exitCode?: number;
}

describe.each(claudeVersions("newest"))("delivery on Claude Code $version", (claude) => {
  let world: World;
  let context: Context;
  let agents: AgentView[];

  beforeAll(async () => {
    world = await openWorld(claude, { reply: ({ prompt }) => [{ kind: "text", text: answerTo(prompt) }] });
    await writeFile(path.join(world.sandbox.project, "README.md"), "# Project\n");
    await writeFile(path.join(world.sandbox.project, "shot.png"), "not really an image");
    await world.cli(["session", "create", "--name", "shop", "--trust", "--json"]);
    const spawned = await world.cli(["agent", "spawn", "--count", "2", "--json"]);
    agents = spawned.json<{ agents: AgentView[] }>().agents;
    const { signal } = new AbortController();
    context = await compose({ signal, env: world.env, cwd: world.sandbox.project });
  }, 60_000);

  afterAll(async () => {
    await context?.store.close();
    await world?.dispose();
  }, 30_000);

  function agentNumber(number: 1 | 2): AgentView {
    const agent = agents[number - 1];
    if (agent === undefined) throw new Error(`Agent ${number} was not spawned`);
    return agent;
  }

  function transcriptOf(agent: AgentView): Promise<RecordedPrompt[]> {
    return recordedPrompts(world.sandbox.configDir, agent.conversationId ?? "");
  }

  function heardFrom(agent: AgentView) {
    return world.model.requests.filter(
      ({ kind, userId }) => kind === "turn" && userId.includes(agent.conversationId ?? "?"),
    );
  }

  /** Deals the prompts to both agents, at the same time; each gets its own one after the other. */
  async function sendAll<P extends Prompt>(
    prompts: readonly P[],
    send: (agent: AgentView, prompt: P) => Promise<Sent>,
  ): Promise<Lane[]> {
    const lanes = [agentNumber(1), agentNumber(2)].map(async (agent, number) => {
      const { length } = await transcriptOf(agent);
      const sent: Sent[] = [];
      for (const [index, prompt] of prompts.entries()) {
        if (index % 2 === number) sent.push(await send(agent, prompt));
      }
      const [recorded, heard] = [await transcriptOf(agent), heardFrom(agent)];
      return {
        rows: sent.map((one) => judge(one, recorded, heard)),
        claimed: sent.flatMap(({ message }) => (message ? [message.promptId] : [])),
        recorded: recorded.slice(length).map(({ promptId }) => promptId),
        attempts: heard.slice(length).map(({ attempt }) => attempt),
      };
    });
    return Promise.all(lanes);
  }

  function expectAllAsTold(lanes: readonly Lane[]): void {
    expect(lanes.flatMap(({ rows }) => rows).filter(({ complaints }) => complaints.length > 0)).toEqual([]);
    for (const { claimed, recorded, attempts } of lanes) {
      // Nothing but these, in this order, in the transcript; each once at the model.
      expect(recorded).toEqual(claimed);
      expect(attempts).toEqual(claimed.map(() => 1));
    }
  }

  async function sendInProcess(agent: AgentView, prompt: Prompt): Promise<Sent> {
    const input = { agent: agent.id, text: prompt.text, exact: prompt.isExact ?? false, wait: true, timeout: "40s" };
    const startedAt = Date.now();
    try {
      const { message } = await callOperation(agentSend, input, context);
      return { prompt, startedAt, message };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { prompt, startedAt, code: error.code };
    }
  }

  async function sendByCommand(agent: AgentView, prompt: CommandCase): Promise<Sent> {
    const { args, input = "", exitCode = 0, isExact = false } = prompt;
    const flags = ["--wait", "--json", ...(isExact ? ["--exact"] : [])];
    const startedAt = Date.now();
    const result = await world.cli(["agent", "send", agent.id, ...flags, ...args], { input });
    expect([prompt.name, result.exitCode]).toEqual([prompt.name, exitCode]);
    const { message, error } = result.json<{ message?: MessageView; error?: { code: string } }>();
    return { prompt, startedAt, ...(message ? { message } : {}), ...(error ? { code: error.code } : {}) };
  }

  it("R2-03: hostile prompts arrive as one turn each, as told, or are refused before anything is typed", async () => {
    const all = hostilePrompts();
    expect(all.length).toBeGreaterThanOrEqual(200);
    // Neighbours in the list are alike.
    const prompts = all.filter((_, index) => isFullDepth || index % 3 === 0);
    // The whole conversation travels with each request: what is large comes last.
    prompts.sort((a, b) => Number(a.text.length > 9_000) - Number(b.text.length > 9_000));

    const lanes = await sendAll(prompts, sendInProcess);

    const rows = lanes.flatMap((lane) => lane.rows);
    process.stderr.write(summary(claude.version, rows));
    expectAllAsTold(lanes);
  }, 240_000);

  it("R2-03: what the command line gets by argument, file and standard input arrives the same, and only as UTF-8", async () => {
    const file = (name: string) => path.join(world.sandbox.root, name);
    const [makefile, windows, words] = ["all:\n\tcc -o x x.c", "one\r\ntwo\r\n", "$(id) `id` \"'\\;\n& 🙂"];
    const large = `${"A line of many.\t!\n".repeat(4000)}end`;
    await writeFile(file("makefile"), `${makefile}\n`);
    await writeFile(file("windows"), `\ufeff${windows}`);
    await writeFile(file("latin"), Buffer.from("café", "latin1"));
    const cut = Buffer.from("🙂").subarray(0, 3);
    const isExact = true;

    const lanes = await sendAll<CommandCase>(
      [
        { name: "a flag", text: "--help", args: ["--", "--help"] },
        { name: "a shell's words", text: words, args: [words] },
        { name: "a large input", text: large, expected: large.replaceAll("\t", "    "), args: ["-"], input: large },
        { name: "what echo prints", text: "hi", args: ["-"], input: "hi\n" },
        { name: "binary", text: "a\0b\x1b[31mc", expected: "abc", args: ["-"], input: "a\0b\x1b[31mc" },
        // The line break that ends a file is the file's; that of the Makefile's lines is the text's.
        { name: "a file to the letter", text: makefile, isExact, args: ["--file", file("makefile")] },
        // The byte order mark belongs to the encoding, not to the text.
        {
          name: "a file from Windows",
          text: windows.trimEnd(),
          expected: "one\ntwo",
          args: ["--file", file("windows")],
        },
        {
          name: "the same to the letter",
          isExact,
          args: ["--file", file("windows")],
          ...refused("TEXT_NOT_DELIVERABLE"),
        },
        { name: "a file in Latin-1", args: ["--file", file("latin")], ...refused("TEXT_NOT_UTF8") },
        { name: "a character cut off", args: ["-"], input: cut, ...refused("TEXT_NOT_UTF8") },
        { name: "nothing", args: ["-"], input: "", ...refused("TEXT_EMPTY") },
        { name: "no file", args: ["--file", file("none")], ...refused("FILE_NOT_FOUND", 3) },
      ],
      sendByCommand,
    );

    expectAllAsTold(lanes);
  }, 60_000);

  it("R2-18: two processes send twenty prompts each at once: all arrive whole, in the queue's order, each with its own answer", async () => {
    const agent = agentNumber(1);
    const before = (await transcriptOf(agent)).length;
    const [patient, hasty] = [twenty("patient"), twenty("hasty")];
    const [first, second] = [startServer(), startServer()];
    try {
      await Promise.all([first.initialise(), second.initialise()]);
      const oneByOne = async () => {
        const messages: MessageView[] = [];
        for (const text of patient) messages.push(await sendOver(first, text));
        return messages;
      };
      const allAtOnce = () => Promise.all(hasty.map((text) => sendOver(second, text)));

      const messages = (await Promise.all([oneByOne(), allAtOnce()])).flat();

      const arrived = (await transcriptOf(agent)).slice(before);
      const texts = arrived.map(({ text }) => text);
      expect(texts.toSorted()).toEqual([...patient, ...hasty].toSorted());
      expect(texts.filter((text) => patient.includes(text))).toEqual(patient);
      const heard = heardFrom(agent).slice(before);
      expect(heard.map(({ prompt }) => prompt)).toEqual(texts);
      const stored = await context.store.messages.list(agent.id, { limit: 40 });
      const inOrder = stored.toSorted((a, b) => a.seq - b.seq);
      expect(arrived.map(({ promptId }) => promptId)).toEqual(inOrder.map(({ promptId }) => promptId));
      expect(messages.map(({ text, answer }) => [text, answer?.text])).toEqual(
        [...patient, ...hasty].map((text) => [text, answerTo(text)]),
      );
    } finally {
      for (const server of [first, second]) server.child.kill("SIGKILL");
      await Promise.all([first.exited, second.exited]);
    }
  }, 90_000);

  function startServer(): RawClient {
    const variables = Object.entries(world.env).map(([name, value]) => `${name}=${value}`);
    return new RawClient("env", [...variables, process.execPath, RUN, "mcp"]);
  }

  async function sendOver(server: RawClient, text: string): Promise<MessageView> {
    const input = { agent: agentNumber(1).id, text, wait: true, timeout: "80s" };
    const { result, error } = await server.request("tools/call", { name: "agent_send", arguments: input });
    const content = result?.structuredContent as { message: MessageView } | undefined;
    if (content === undefined) throw new Error(`No message: ${JSON.stringify(result ?? error)}`);
    return content.message;
  }
});

function refused(code: string, exitCode = 2) {
  return { text: "", refused: code, exitCode };
}

/** Prompts of different sizes, by different routes, of which no two are alike. */
function twenty(sender: string): string[] {
  const shapes = [
    "",
    "\n- with\n- lines",
    ` ${"x".repeat(5000)}.`,
    " ends with a backslash\\",
    ": 日本語 🙂 $(id)",
    " reads @README.md",
    ": a\n\n\n\nb",
  ];
  return Array.from({ length: 20 }, (_, index) => `${sender} ${index}${shapes[index % shapes.length]}`);
}
