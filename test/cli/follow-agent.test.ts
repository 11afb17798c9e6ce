import { expect, it } from "vitest";
import { followAgent } from "../../src/cli/follow-agent.ts";
import type { AgentProgram } from "../../src/core/ports/agent-program.ts";
import { agentClear } from "../../src/operations/agent/clear.ts";
import { agentSend } from "../../src/operations/agent/send.ts";
import { agentStart } from "../../src/operations/agent/start.ts";
import { openFakeWorld } from "../support/fake-world.ts";
import { overriding } from "../support/overriding.ts";
import { plainOutput } from "../support/plain-output.ts";

it("agent read --follow reads a conversation to its end before it goes on in the next one", async () => {
  const world = await openFakeWorld();
  try {
    const agent = await world.spawn("a");
    const say = (text: string) => world.call(agentSend, { agent: agent.id, text: `[[reply ${text}]]`, wait: true });
    await say("first");
    const stop = new AbortController();
    const output = plainOutput();
    // All this happens between two looks.
    const steps = [
      async () => {
        await say("second");
        await world.call(agentClear, { agent: agent.id });
        await world.call(agentStart, { agent: agent.id });
        await say("third");
      },
      async () => undefined,
      async () => stop.abort(),
    ];
    const program = overriding<AgentProgram>(await world.context.program("fake"), {
      watch: async (_agents, _maxMs, signal) => {
        if (signal?.aborted === false) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    const doorbell = overriding(world.context.doorbell, { wait: async () => steps.shift()?.() });
    const context = { ...world.context, signal: stop.signal, doorbell, program: async () => program };

    await followAgent({ context, output, isJson: true, signal: stop.signal }, { agent: agent.id });

    const entries = output.written.data.map((line) => JSON.parse(line) as { kind: string; text: string });
    expect(entries.flatMap(({ kind, text }) => (kind === "text" ? [text] : []))).toEqual(["first", "second", "third"]);
  } finally {
    await world.dispose();
  }
});
