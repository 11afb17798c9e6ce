import { describe, expect, it } from "vitest";
import { formatStatus, renderSession } from "../../src/cli/render/status.ts";
import type { BackendProbe } from "../../src/core/ports/terminal-backend.ts";
import type { BackendName } from "../../src/core/session.ts";
import { chooseBackend } from "../../src/operations/backend-choice.ts";
import type { Context } from "../../src/operations/context.ts";
import { sessionCreate } from "../../src/operations/session/create.ts";
import { sessionShow } from "../../src/operations/session/show.ts";
import { status } from "../../src/operations/status.ts";
import { codeOf } from "../support/code-of.ts";
import { openFakeWorld } from "../support/fake-world.ts";
import { plainOutput } from "../support/plain-output.ts";
import { makeSession } from "../support/store-records.ts";

const USABLE: BackendProbe = { isUsable: true, version: "1" };
const API_OFF: BackendProbe = { isUsable: false, problem: "API is off", fix: "Enable Python API." };
const FOREIGN: BackendProbe = { isUsable: false, isForeign: true, problem: "macOS only" };
const MISSING: BackendProbe = { isUsable: false, problem: "not installed", fix: "Install tmux." };

function world(probes: Partial<Record<BackendName, BackendProbe>>, setting: BackendName | null = null) {
  const told: string[] = [];
  const context = {
    settings: { backend: setting },
    backend: async (name: BackendName) => ({ probe: async () => probes[name] ?? USABLE }),
    progress: ({ message }: { message: string }) => told.push(message),
  } as unknown as Context;
  return { context, told };
}

describe("the backend of a new session", () => {
  it("is iTerm2 where that is usable", async () => {
    const { context, told } = world({ iterm2: USABLE });

    expect(await chooseBackend(context, undefined)).toEqual({ name: "iterm2", reason: "the best one that is usable" });
    expect(told).toEqual([]);
  });

  it("R2-07: is tmux where iTerm2 is in the way, and a person is told why and what to do", async () => {
    const { context, told } = world({ iterm2: API_OFF });

    expect(await chooseBackend(context, undefined)).toEqual({ name: "tmux", reason: "iterm2: API is off" });
    expect(told).toEqual(["Agents go to tmux (iterm2: API is off). Enable Python API."]);
  });

  it("does not trouble anybody with iTerm2 on another kind of machine", async () => {
    const { context, told } = world({ iterm2: FOREIGN });
    expect(await chooseBackend(context, undefined)).toEqual({ name: "tmux", reason: "the best one that is usable" });
    expect(told).toEqual([]);

    const bare = world({ iterm2: FOREIGN, tmux: MISSING });
    expect(await chooseBackend(bare.context, undefined)).toEqual({ name: "headless", reason: "tmux: not installed" });
    expect(bare.told.join()).not.toContain("iterm2");
  });

  it("is the one that was asked for, or nothing", async () => {
    expect(await chooseBackend(world({}, "headless").context, "tmux")).toEqual({ name: "tmux", reason: "asked for" });
    expect(await chooseBackend(world({}, "headless").context, undefined)).toMatchObject({ name: "headless" });
    expect(await codeOf(chooseBackend(world({ iterm2: FOREIGN }).context, "iterm2"))).toBe("BACKEND_UNAVAILABLE");
  });

  it("stays with the session, with its reason, in JSON and in text", async () => {
    const machine = await openFakeWorld();
    try {
      const input = { name: "shop", root: "..", backend: "fake" };
      const { session } = await machine.call(sessionCreate, input);
      await machine.context.store.sessions.insert(makeSession({ id: "ses_old", name: "old", backend: "tmux" }));

      const report = await machine.call(status, {});
      const shown = await machine.call(sessionShow, { session: "team" });

      expect(session).toMatchObject({ backend: "fake", backendReason: "asked for" });
      expect(shown.session).toMatchObject({ backend: "fake", backendReason: "the setting backend says so" });
      expect(report.sessions.find(({ name }) => name === "old")).not.toHaveProperty("backendReason");
      expect(formatStatus(report, plainOutput()).split("\n").slice(-3).toSorted()).toEqual([
        "old: tmux",
        "shop: fake (asked for)",
        "team: fake (the setting backend says so)",
      ]);
      const output = plainOutput();
      renderSession({ session }, output);
      expect(output.written.data).toEqual([`shop  fake  ${session.id}\n  ${session.root}`, "  fake (asked for)"]);
    } finally {
      await machine.dispose();
    }
  });
});
