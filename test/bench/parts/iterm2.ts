import { openWorld, type World, type WorldOptions } from "../../e2e/support/world.ts";
import { claudeVersions } from "../../support/claude-sandbox.ts";
import { alternate } from "../measure.ts";
import type { Row } from "../row.ts";

/**
 * A command that asks the terminal program for something, from the shell to the end of the process, over iTerm2 and over
 * tmux. The iTerm2 is the fake one, and its cookie comes with the environment: what osascript takes on a Mac comes on top.
 */
export async function measureIterm2(): Promise<Row[]> {
  const worlds: World[] = [];
  const withAgent = async (backend: NonNullable<WorldOptions["backend"]>) => {
    const [claude] = claudeVersions();
    if (!claude) throw new Error("There is no Claude Code to measure with");
    const world = await openWorld(claude, { backend });
    worlds.push(world);
    await run(world, "session", "create", "--name", "bench", "--trust", "--backend", backend.split(" ")[0] ?? "");
    await run(world, "agent", "spawn", "api");
    return world;
  };
  try {
    const [tmux, iterm2] = [await withAgent("tmux"), await withAgent("iterm2 3.7")];
    const screen = (world: World) => () => run(world, "agent", "screen", "api");
    const status = (world: World) => () => run(world, "status");
    const times = await alternate(15, {
      tmux: screen(tmux),
      iterm2: screen(iterm2),
      statusTmux: status(tmux),
      statusIterm2: status(iterm2),
    });
    const row = (what: string, ours: number, baseline: number): Row => ({
      ...{ what: `${what} over iTerm2`, ours, baseline: { name: `${what} over tmux`, value: baseline }, unit: "ms" },
      aim: { kind: "above baseline", limit: 60 },
    });
    return [
      row("agent screen", times.iterm2, times.tmux),
      row("status, 1 agent,", times.statusIterm2, times.statusTmux),
    ];
  } finally {
    for (const world of worlds) await world.dispose();
  }
}

async function run(world: World, ...args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await world.cli([...args, "--json"]);
  if (exitCode !== 0) throw new Error(`claude-orch ${args.join(" ")} failed: ${stdout}${stderr}`);
}
