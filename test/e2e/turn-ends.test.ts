import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { Entry } from "../../src/core/transcript.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { collect, openWorld, type World } from "./support/world.ts";

interface Read {
  entries: Entry[];
  answer: { text: string } | null;
}

describe.each(claudeVersions())("how turns end on Claude Code $version", (claude) => {
  let world: World;
  let agent: AgentView;

  beforeAll(async () => {
    world = await openWorld(claude);
    // The project's own gate: sends Claude Code on, once.
    const { project, root } = world.sandbox;
    const gate = path.join(root, "gate.sh");
    const passed = path.join(root, "passed");
    await writeFile(
      gate,
      `#!/bin/sh\nsleep 0.5\n[ -f ${passed} ] && exit 0\n: >${passed}\necho '[[reply now complete]]' >&2\nexit 2\n`,
    );
    await chmod(gate, 0o700);
    await mkdir(path.join(project, ".claude"));
    const hooks = { Stop: [{ hooks: [{ type: "command", command: gate }] }] };
    await writeFile(path.join(project, ".claude", "settings.json"), JSON.stringify({ hooks }));
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
    agent = (await world.cli(["agent", "spawn", "api", "--json"])).json<{ agent: AgentView }>().agent;
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  const read = async () => (await world.cli(["agent", "read", "api", "--json"])).json<Read>();
  const typed = async (text: string) => {
    await world.person.type(agent.terminal, text);
    await waitFor("the text in the box", async () =>
      (await world.tmux("capture-pane", "-p", "-t", agent.terminal ?? "")).includes(text) ? true : undefined,
    );
    await world.person.type(agent.terminal, "\r");
  };

  it("R2-22: not while a Stop hook of the project sends it on: the answer is the last one", async () => {
    const sent = await world.cli(["agent", "send", "api", "[[reply half done]] go", "--wait", "--json"]);

    const { message } = sent.json<{ message: MessageView }>();
    expect(message.answer).toMatchObject({ text: "now complete", interrupted: false, isError: false });
    expect((await read()).answer?.text).toBe("now complete");
  }, 30_000);

  it("R2-20: what is sent into it is taken up at its end, however long that is, and nobody says that it was lost", async () => {
    await world.cli(["agent", "send", "api", "[[stream 30 x 100ms]]", "--json"]);

    const env = { CLAUDE_ORCH_DELIVERY_TIMEOUT: "1s" };
    const sent = await world.cli(["agent", "send", "api", "[[reply in time]]", "--when", "now", "--wait"], { env });

    expect([sent.exitCode, sent.stdout, sent.stderr]).toEqual([0, "in time\n", expect.any(String)]);
  }, 30_000);

  it("R2-22: when a person stops it before its first word, which leaves no trace in the transcript", async () => {
    const child = world.start(["agent", "send", "api", "[[sleep 60s]] never", "--wait", "--json", "--timeout", "20s"]);
    const waiting = collect(child);
    await waitFor(
      "the turn",
      async () => (await read()).entries.some(({ text }) => text?.endsWith("never")) || undefined,
    );

    await world.cli(["agent", "interrupt", "api"]);

    const stopped = await waiting;
    expect(stopped.exitCode, stopped.stdout).toBe(0);
    const { message } = stopped.json<{ message: MessageView }>();
    expect(message).toMatchObject({ state: "answered", answer: { text: "", interrupted: true, isError: false } });
  }, 40_000);

  it("R4-84: a person's own conversation, begun with /clear, is the one that is read", async () => {
    await typed("/clear");
    await waitFor("the new conversation", async () => {
      const shown = (await world.cli(["agent", "show", "api", "--json"])).json<{ agent: AgentView }>().agent;
      return shown.conversationId !== agent.conversationId || undefined;
    });
    await typed("what now?");

    const { entries } = await waitFor("the person's turn", async () => {
      const newest = await read();
      return newest.answer?.text === "echo: what now?" ? newest : undefined;
    });
    expect(entries.map(({ text, from }) => [text, from])).toEqual([
      ["what now?", "person"],
      ["echo: what now?", undefined],
    ]);
  }, 40_000);
});
