import { rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { recordedPrompts } from "./support/recorded-prompts.ts";
import { openWorld, type World } from "./support/world.ts";

interface Restored {
  id: string;
  name: string;
  outcome: string;
  state?: string;
  reason?: string;
}

/** Everything with the newest; the pinned version shows that it resumes in the same way. */
const AGENTS = { newest: 8, pinned: 2 };

describe.each(claudeVersions("newest"))("session restore on Claude Code $version", (claude) => {
  let world: World;
  let agents: AgentView[];

  beforeAll(async () => {
    world = await openWorld(claude);
    await world.cli(["session", "create", "--name", "shop", "--trust"]);
    const spawned = await world.cli(["agent", "spawn", "--count", String(AGENTS[claude.name]), "--json"]);
    agents = spawned.json<{ agents: AgentView[] }>().agents;
    await each(({ name }) => send(name, `I am ${name}`, "--wait"));
  }, 120_000);
  afterAll(() => world?.dispose(), 30_000);

  const each = <T>(work: (agent: AgentView) => Promise<T>) => Promise.all(agents.map(work));
  const send = (name: string, ...more: string[]) => world.cli(["agent", "send", name, ...more, "--json"]);
  const list = async () => (await world.cli(["agent", "list", "--json"])).json<{ agents: AgentView[] }>().agents;
  const prompts = async ({ conversationId }: AgentView) =>
    (await recordedPrompts(world.sandbox.configDir, conversationId ?? "")).map(({ text }) => text);

  /** Every agent works, and a message waits behind that. */
  async function leaveQueued(mark: string): Promise<void> {
    await each(async ({ name }) => {
      await send(name, `[[sleep 1h]] ${mark} busy`);
      const queued = await send(name, `${mark} for ${name}`, "--timeout", "100ms");
      expect(queued.exitCode, queued.stdout).toBe(6);
    });
  }

  /** All are back with their conversations, and what was queued was delivered once. */
  async function restored(mark: string): Promise<void> {
    const restore = await world.cli(["session", "restore", "--json"]);

    expect(restore.exitCode, restore.stdout + restore.stderr).toBe(0);
    const outcomes = restore.json<{ agents: Restored[] }>().agents;
    expect(outcomes.map(({ id, outcome }) => [id, outcome])).toEqual(agents.map(({ id }) => [id, "resumed"]));
    const now = await list();
    expect(now.map(({ conversationId }) => conversationId)).toEqual(agents.map(({ conversationId }) => conversationId));
    await each(async (agent) => {
      const answered = await send(agent.name, `${mark} last`, "--wait");
      expect(answered.json<{ message: MessageView }>().message.answer?.text).toBe(`echo: ${mark} last`);
      const heard = (await prompts(agent)).filter((text) => text.includes(mark));
      expect(heard).toEqual([`[[sleep 1h]] ${mark} busy`, `${mark} for ${agent.name}`, `${mark} last`]);
    });
    const again = await world.cli(["session", "restore", "--json"]);
    expect(again.json<{ agents: Restored[] }>().agents.map(({ outcome }) => outcome)).toEqual(
      agents.map(() => "alive"),
    );
  }

  it("R1-05, B8: after tmux kill-server every agent is back with its conversation, queued messages arrive once", async () => {
    await leaveQueued("first");

    await world.tmux("kill-server");

    await restored("first");
    const show = await world.cli(["agent", "show", agents[0]?.name ?? "", "--json"]);
    const cutOff = show.json<{ messages: MessageView[] }>().messages.find(({ text }) => text.includes("first busy"));
    expect(cutOff).toMatchObject({ state: "answered", answer: { interrupted: true } });
  }, 120_000);

  it.runIf(claude.name === "newest")(
    "R4-07: after a reboot, too: all processes dead at once, a sender among them, and a pid given to somebody else",
    async () => {
      await leaveQueued("second");
      const [first] = agents;
      if (!first) throw new Error("there are agents");
      const sender = world.start(["agent", "send", first.name, "second from the dead", "--wait"]);
      await waitFor("its message", async () => {
        const { messages } = (await world.cli(["agent", "show", first.name, "--json"])).json<{
          messages: MessageView[];
        }>();
        return messages.some(({ text }) => text === "second from the dead") || undefined;
      });

      await powerOff();
      sender.kill("SIGKILL");
      await giveAway(first);

      expect(await world.tmux("list-sessions").catch(() => "none")).toBe("none");
      const restore = await world.cli(["session", "restore", "shop", "--json"]);
      expect(restore.json<{ agents: Restored[] }>().agents.map(({ outcome }) => outcome)).toEqual(
        agents.map(() => "resumed"),
      );
      await each(async (agent) => {
        const answered = await send(agent.name, "second last", "--wait");
        expect(answered.json<{ message: MessageView }>().message.answer?.text).toBe("echo: second last");
        const heard = (await prompts(agent)).filter((text) => text.startsWith("second"));
        const fromTheDead = agent.id === first.id ? ["second from the dead"] : [];
        expect(heard).toEqual([`second for ${agent.name}`, ...fromTheDead, "second last"]);
      });
      expect((await list()).map(({ conversationId }) => conversationId)).toEqual(
        agents.map(({ conversationId }) => conversationId),
      );
    },
    120_000,
  );

  /** SIGKILL to everything in this world, more than once: what was just being started dies too. */
  async function powerOff(): Promise<void> {
    await waitFor("the end of all processes", async () => {
      const left = await processesOf(world.sandbox.root);
      for (const { pid } of left) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It died with another one.
        }
      }
      return left.length === 0 ? true : undefined;
    });
  }

  /** The pid that the agent had belongs to another process now: this one. */
  async function giveAway(agent: AgentView): Promise<void> {
    const file = path.join(world.home, "agents", agent.id, "pid");
    const { atime, mtime } = await stat(file);
    await writeFile(file, `${process.pid}\n`);
    await utimes(file, atime, mtime);
    await rm(path.join(world.sandbox.configDir, "sessions", `${process.pid}.json`), { force: true });
  }
});
