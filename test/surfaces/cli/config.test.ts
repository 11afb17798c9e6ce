import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { collect } from "../../e2e/support/world.ts";
import { openFakeWorld } from "./fake-world.ts";

it("settings that are set at the same time are all kept", async () => {
  const world = await openFakeWorld();
  try {
    const wanted = { maxAgents: 11, maxSessions: 12, maxDepth: 4, layout: "window", logLevel: "warn", model: "opus" };

    const results = await Promise.all(
      Object.entries(wanted).map(([name, value]) => world.cli(["config", "set", name, String(value)])),
    );

    expect(results.map(({ exitCode }) => exitCode)).toEqual(results.map(() => 0));
    const { stdout } = await world.cli(["config", "path", "--json"]);
    const { user } = JSON.parse(stdout) as { user: string };
    expect(path.basename(user)).toBe("config.json");
    expect(JSON.parse(await readFile(user, "utf8"))).toEqual(wanted);
  } finally {
    await world.dispose();
  }
}, 30_000);

it.each([
  ["config.json", 2, "CONFIG_VALUE_INVALID"],
  ["key", 5, "STORE_KEY_UNSAFE"],
])(
  "a pipe in the place of %s is named, not waited for",
  async (name, exitCode, code) => {
    const world = await openFakeWorld();
    try {
      const home = path.join(world.root, "piped");
      await mkdir(home, { mode: 0o700 });
      execFileSync("/bin/sh", ["-c", 'mkfifo -m 600 "$0"', path.join(home, name)]);
      const child = world.start(["status", "--json"], { env: { CLAUDE_ORCH_HOME: home } });
      // SIGTERM would not end it where it waits.
      const bound = setTimeout(() => child.kill("SIGKILL"), 15_000);

      const result = await collect(child, ["status"]);

      clearTimeout(bound);
      expect([result.exitCode, result.json()]).toMatchObject([exitCode, { error: { code } }]);
    } finally {
      await world.dispose();
    }
  },
  30_000,
);
