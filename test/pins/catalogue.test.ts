import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERRORS } from "../../src/core/errors.ts";
import { environmentName, SETTINGS, type SettingName } from "../../src/core/settings.ts";
import { operations } from "../../src/operations/index.ts";

const COMMANDS = new URL("../../src/commands", import.meta.url).pathname;

describe("the catalogue", () => {
  it("has these operations, no more and no fewer", () => {
    expect(operations.map(({ name }) => name).sort()).toEqual([
      "agent.adopt",
      "agent.assign-role",
      "agent.clear",
      "agent.delete",
      "agent.focus",
      "agent.interrupt",
      "agent.list",
      "agent.log",
      "agent.read",
      "agent.respond",
      "agent.screen",
      "agent.send",
      "agent.show",
      "agent.spawn",
      "agent.start",
      "agent.wait",
      "broadcast",
      "config.get",
      "config.list",
      "config.path",
      "config.set",
      "doctor",
      "inbox",
      "inbox.done",
      "policy.allow",
      "policy.ask",
      "policy.deny",
      "policy.list",
      "policy.log",
      "policy.remove",
      "protocol.list",
      "protocol.show",
      "role.explain",
      "role.list",
      "role.show",
      "session.create",
      "session.delete",
      "session.list",
      "session.restore",
      "session.show",
      "status",
      "task.cancel",
      "task.list",
      "task.logs",
      "task.report",
      "task.retry",
      "task.show",
      "task.submit",
      "task.update",
      "task.wait",
      "team.cancel",
      "team.coordinate",
      "team.list",
      "team.show",
      "workflow.cancel",
      "workflow.list",
      "workflow.run",
      "workflow.show",
      "worktree.list",
      "worktree.restore",
    ]);
  });

  it("has a command file for every operation, and an operation (or a reason) for every command file", () => {
    // A command with commands below it is the index of its folder.
    const candidates = operations
      .map(({ name }) => name.replace(".", "/"))
      .map((path) => [`${path}.ts`, `${path}/index.ts`]);
    for (const files of candidates)
      expect(
        files.filter((file) => existsSync(join(COMMANDS, file))),
        String(files),
      ).toHaveLength(1);
    const known = new Set(candidates.flat());
    const files = readdirSync(COMMANDS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    // Three are not one call with one result: a server, a worker, and a play in several acts; `policy` alone is `policy list`.
    expect(files.filter((file) => !known.has(file)).sort()).toEqual([
      "demo.ts",
      "mcp.ts",
      "policy/index.ts",
      "worker.ts",
    ]);
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    "%s describes itself and all its fields",
    (_, operation) => {
      expect(operation.summary.length).toBeLessThanOrEqual(80);
      expect(operation.description).toMatch(/\.$/);
      for (const [name, field] of Object.entries(operation.input.shape)) {
        const { description } = field as { description?: string };
        expect(description, name).toBeTruthy();
      }
      for (const code of operation.errors) expect(ERRORS).toHaveProperty(code);
      for (const name of [...(operation.cli?.args ?? []), operation.cli?.rest, operation.cli?.stdin]) {
        if (name !== undefined) expect(operation.input.shape).toHaveProperty(name);
      }
      expect(operation.cli?.examples?.length ?? 0, "examples").toBeGreaterThan(0);
    },
  );

  it("R4-74: no operation that waits is without a bound of its own", () => {
    const waiting = [
      "agent.spawn",
      "agent.send",
      "agent.read",
      "agent.wait",
      "agent.start",
      "agent.interrupt",
      "agent.assign-role",
      "broadcast",
      "task.wait",
      "team.coordinate",
      "team.show",
    ];
    for (const name of waiting) {
      const operation = operations.find((candidate) => candidate.name === name);
      expect(operation?.input.shape, name).toHaveProperty("timeout");
    }
  });
});

describe("error codes", () => {
  it("are these, with these exit kinds", () => {
    expect(Object.fromEntries(Object.entries(ERRORS).map(([code, { kind }]) => [code, kind]))).toMatchSnapshot();
  });
});

describe("settings", () => {
  it("have these environment variables", () => {
    expect((Object.keys(SETTINGS) as SettingName[]).map(environmentName)).toMatchSnapshot();
  });
});
