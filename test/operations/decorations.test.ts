import { expect, it } from "vitest";
import type { AgentState, TerminalRef } from "../../src/core/agent.ts";
import { AppError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/ports/logger.ts";
import { Decorations } from "../../src/operations/agent/decorations.ts";
import type { Context } from "../../src/operations/context.ts";

it("colours only what has changed, takes every colour back, and never fails", async () => {
  const calls: [string, AgentState | null][] = [];
  const decorate = async (ref: TerminalRef, state: AgentState | null) => {
    calls.push([ref.id, state]);
    if (ref.id === "broken") throw new AppError("BACKEND_UNAVAILABLE", "no");
  };
  const terminals: Record<string, string> = { a: "one", b: "broken", c: "plain", d: "" };
  const context = {
    store: {
      agents: {
        get: async (id: string) => ({
          terminal: { backend: id === "c" ? "tmux" : "iterm2", tag: `nce_${id}`, id: terminals[id] ?? "" },
        }),
      },
    },
    // tmux has nothing to colour.
    backend: async (name: string) => (name === "iterm2" ? { decorate } : {}),
    logger: silentLogger,
  } as unknown as Context;
  const decorations = new Decorations(context);
  const agents = (state: AgentState) => ["a", "b", "c", "d"].map((id) => ({ id, state }));

  await decorations.show(agents("idle"));
  await decorations.show(agents("idle"));
  await decorations.show([{ id: "a", state: "working" }]);
  await decorations.clear();

  expect(calls).toEqual([
    ["one", "idle"],
    ["broken", "idle"],
    ["one", "working"],
    ["one", null],
    ["broken", null],
  ]);
});
