import { readdirSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import { AppError, toEnvelope } from "../../../src/core/errors.ts";
import type { Fault, HandshakeFault } from "../../support/iterm2-server/injection.ts";
import type { OsascriptMode } from "../../support/iterm2-server/osascript.ts";
import { watchTcp } from "../../support/iterm2-server/tcp-watch.ts";
import { type ScriptedWorld, scriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
const tcp = watchTcp();

beforeEach(async () => {
  world = await scriptedWorld();
});
afterEach(async () => {
  const errors = seen.splice(0).map((error) => `${inspect(error, { depth: 8 })} ${describeError(error)}`);
  const told = [...world.log, ...errors].join("\n");
  for (const secret of world.server.secrets) expect(told).not.toContain(secret);
  expect(tcp.attempts).toEqual([]);
  await world.dispose();
});

/** Every error of a test, to look for secrets in. */
const seen: unknown[] = [];

function describeError(error: unknown): string {
  return error instanceof AppError ? JSON.stringify(toEnvelope(error)) : String(error);
}

async function failure(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  seen.push(error);
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError, got ${inspect(error)}`);
  return error;
}

const open = () => world.backend.open(world.request());
const type = (ref: TerminalRef, text: string) => world.backend.input(ref, [{ kind: "text", text, isBracketed: false }]);
const folders = () => readdirSync(join(world.home, "iterm2")).filter((name) => name.startsWith("nce_"));

describe("iTerm2 that cannot be reached", () => {
  const CASES: [
    string,
    { mode?: OsascriptMode; stop?: "quit" | "crash"; handshake?: HandshakeFault[] },
    RegExp,
    RegExp,
  ][] = [
    ["R2-33: it is not running", { stop: "quit" }, /not running/, /Start iTerm2.*Enable Python API/],
    ["R2-33: it has crashed, and its socket is still there", { stop: "crash" }, /not running/, /Start iTerm2/],
    [
      "R2-07: the Python API is off",
      { mode: "api-disabled" },
      /API is off/,
      /Settings > General > Magic > Enable Python API/,
    ],
    [
      "macOS does not permit it",
      { mode: "not-permitted" },
      /macOS does not let/,
      /Privacy & Security > Automation.*ssh.*tmux/,
    ],
    ["the person said no", { mode: "denied" }, /did not let this program in/, /Allow it/],
    ["it is too old", { mode: "too-old" }, /too old/, /Update iTerm2/],
    ["osascript says something else", { mode: "garbage" }, /makes no sense/, /iTerm2/],
    ["macOS asks, and nobody answers", { mode: "never" }, /in time/, /permission prompt/],
    ["every cookie is refused", { handshake: [401, 401] }, /did not let this program in/, /Allow it/],
    ["it speaks another protocol", { handshake: [406] }, /not supported/, /Update iTerm2/],
    ["a dialog blocks the handshake", { handshake: ["hang"] }, /busy/, /dialog/],
    ["it hangs up during the handshake", { handshake: ["eof"] }, /starting or stopping/, /again/],
  ];

  it.each(CASES)(
    "%s: BACKEND_UNAVAILABLE with the reason and the fix, and probe says the same",
    async (_name, trouble, reason, fix) => {
      const { server } = world;
      if (trouble.stop) await server.stop({ isCrash: trouble.stop === "crash" });
      const spoil = () => {
        server.osascript.mode = trouble.mode ?? "ok";
        server.inject.handshakes(...(trouble.handshake ?? []));
      };

      spoil();
      const error = await failure(open());
      spoil();
      const probe = await world.another().probe();

      expect(error.code).toBe("BACKEND_UNAVAILABLE");
      expect(error.message).toMatch(/^Could not connect to iTerm2: /);
      expect(error.message).toMatch(reason);
      expect(error.hint).toMatch(fix);
      expect(probe).toMatchObject({
        isUsable: false,
        problem: expect.stringMatching(reason),
        fix: expect.stringMatching(fix),
      });
      expect(folders()).toEqual([]);
    },
  );

  it("does not start iTerm2, nor look at anything, on another kind of machine", async () => {
    await world.server.stop();
    const probe = await world.another({ platform: "linux" }).probe();

    expect(probe).toMatchObject({ isUsable: false, isForeign: true, problem: expect.stringContaining("macOS") });
    expect(world.server.osascript.scripts).toEqual([]);
  });

  it("one refused cookie is replaced without a word, also a stale one from the environment", async () => {
    world.server.inject.handshakes(401);
    await open();

    const ref = await world.another({ credentials: { cookie: "0".repeat(32), key: "stale" } }).open(world.request());

    expect(world.alive(ref.tag)).toHaveLength(1);
  });
});

describe("an open whose outcome is unknown", () => {
  const DONE: Record<string, Fault> = {
    "the answer is lost with the connection": { kind: "drop", when: "after" },
    "the answer never comes": { kind: "never" },
    "the answer is no message": { kind: "malformed" },
    "the answer is somebody else's": { kind: "wrong-id" },
    "the answer is empty": { kind: "no-submessage" },
  };

  it.each(Object.entries(DONE))(
    "%s, but the pane is there: it is found, and none is opened again",
    async (_name, fault) => {
      world.server.inject.on("create_tab", fault);

      const ref = await open();

      expect(world.agents).toHaveLength(1);
      expect(world.alive(ref.tag)).toHaveLength(1);
      expect(await world.another().find(ref.tag)).toEqual(ref);
      await type(ref, "hello");
      expect(world.agents[0]?.input).toBe("hello");
    },
  );

  it.each([
    ["the connection drops before", { kind: "drop", when: "before" }],
    ["iTerm2 refuses", { kind: "respond", body: { status: 4 } }],
    ["iTerm2 does not understand", { kind: "error", text: "no" }],
  ] satisfies [string, Fault][])("%s: it fails, and nothing is left", async (_name, fault) => {
    world.server.inject.on("create_tab", fault);

    const error = await failure(open());

    expect(error.code).toBe("BACKEND_COMMAND_FAILED");
    expect([world.agents, folders()]).toEqual([[], []]);
  });

  it("a pane that comes after we gave up finds no script, and is no agent", async () => {
    world.server.inject.on("create_tab", { kind: "drop", when: "before" });
    const request = world.request();
    await failure(world.backend.open(request));

    const { session } = await world.server.model.createTab({
      isSelected: false,
      overrides: new Map<string, unknown>([
        ["Custom Command", "Yes"],
        ["Command", `${world.home}/iterm2/${request.tag}/run`],
      ]),
    });

    expect([session.state, world.alive(request.tag)]).toEqual(["exited", []]);
  });

  it("no room to split makes a tab; a window that a person closes meanwhile makes a new one", async () => {
    const first = await open();
    world.server.inject.on("split_pane", { kind: "respond", body: { status: 3 } });
    const second = await world.backend.open(world.request({ layout: "split-vertical", splitFrom: first }));
    const { model } = world.server;
    world.server.inject.on("create_tab", {
      kind: "before",
      act: () => {
        for (const session of model.sessions) model.closeSession(session);
      },
    });

    const third = await open();

    expect(world.alive(second.tag)).toHaveLength(1);
    expect(model.sessions.map(({ id }) => id)).toEqual([third.id]);
  });
});

describe("trouble with a terminal that is there", () => {
  it("R2-30, R4-76: a dropped connection fails the call under way, and the next call works on a new one", async () => {
    const ref = await open();
    world.server.inject.on("get_buffer", { kind: "drop", when: "before" });

    expect((await failure(world.backend.screen(ref))).code).toBe("BACKEND_COMMAND_FAILED");

    expect((await world.backend.screen(ref)).lines.join()).toContain("agent is ready");
  });

  it("R2-30: comes back after a restart of iTerm2 that takes a moment, without starting it", async () => {
    world = await replaced(2_000);
    const ref = await open();
    await world.server.stop();
    const again = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        // It tried while iTerm2 was away.
        if (world.server.osascript.scripts.length < 4) return;
        clearInterval(timer);
        void world.server.start().then(resolve);
      }, 5);
    });

    const screen = await world.backend.screen(ref);

    await again;
    expect(screen.lines.join()).toContain("agent is ready");
  });

  it("R4-76: input is never sent twice: a lost answer is an error, and nothing more is typed", async () => {
    const ref = await open();
    world.server.inject.on("send_text", { kind: "drop", when: "after" });

    const error = await failure(
      world.backend.input(ref, [
        { kind: "text", text: "once", isBracketed: false },
        { kind: "keys", keys: ["Enter"] },
      ]),
    );

    expect(error).toMatchObject({ code: "BACKEND_COMMAND_FAILED", details: { outcome: "unknown" } });
    expect(world.agents[0]?.input).toBe("once");
  });

  it("a stalled iTerm2 is told as busy, and the agent's life is told all the same", async () => {
    const ref = await open();
    const go = world.server.inject.stall();

    const error = await failure(world.backend.screen(ref));
    const status = await world.backend.status([ref]);
    const probe = await world.another().probe();
    go();

    expect(error).toMatchObject({ code: "BACKEND_COMMAND_FAILED", message: expect.stringContaining("dialog open?") });
    expect(error.hint).toContain("dialog");
    expect(status).toMatchObject([{ exists: true, isRunning: true }]);
    expect(probe).toMatchObject({
      isUsable: false,
      problem: expect.stringContaining("busy"),
      fix: expect.stringContaining("dialog"),
    });
  });

  it("a session that vanishes between the look and the use is TERMINAL_GONE", async () => {
    const ref = await open();
    const { model } = world.server;
    const vanish = {
      kind: "before",
      act: () => void model.sessions.map((session) => model.closeSession(session)),
    } as const;
    world.server.inject.on("send_text", vanish);

    expect((await failure(type(ref, "x"))).code).toBe("TERMINAL_GONE");
    expect(world.agents[0]?.input).toBe("");
  });

  it("answers that come in another order, late, or huge, are right all the same", async () => {
    const refs = [await open(), await open(), await open()];
    world.server.inject.reorder(3);
    world.server.inject.on("get_buffer", { kind: "huge", bytes: 2 << 20 });
    world.server.inject.on("get_buffer", { kind: "delay", ms: 20 });

    const screens = await Promise.all(refs.map((ref) => world.backend.screen(ref)));

    expect(screens.map(({ lines }) => lines[0])).toEqual(Array(3).fill("agent is ready"));
  });

  it("a mark that could not be set is no loss: the holder tells which session it is, and find renews the mark", async () => {
    world.server.inject.on("variable", { kind: "never" }, { skip: 1 });
    const ref = await open();
    for (const session of world.server.model.sessions) session.user.clear();

    expect(await world.another().find(ref.tag)).toEqual(ref);
    expect(world.server.model.session(ref.id)?.user.get("claude_orch")).toBe(ref.tag);
  });

  it("close ends the program although iTerm2 does not answer, and is finished by the next one", async () => {
    const ref = await open();
    const go = world.server.inject.stall();

    const error = await failure(world.backend.close(ref));
    expect([error.code, world.alive(ref.tag)]).toEqual(["BACKEND_COMMAND_FAILED", []]);
    go();
    await world.backend.close(ref);

    await vi.waitFor(() => expect([world.server.model.sessions, folders()]).toEqual([[], []]));
  });

  it("close works while iTerm2 is not there", async () => {
    const ref = await open();
    await world.server.stop();

    await world.backend.close(ref);

    expect([world.alive(ref.tag), folders()]).toEqual([[], []]);
  });
});

async function replaced(timeoutMs: number): Promise<ScriptedWorld> {
  await world.dispose();
  return scriptedWorld({}, timeoutMs);
}
