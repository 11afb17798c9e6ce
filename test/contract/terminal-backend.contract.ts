import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TerminalRef } from "../../src/core/agent.ts";
import type { InputStep, OpenRequest, TerminalBackend } from "../../src/core/ports/terminal-backend.ts";

/** What a backend's own tests provide so that the contract can be held against it. */
export interface BackendHarness {
  backend: TerminalBackend;
  /** Another instance, as another process (or the same one after a restart) would build it. */
  another(): TerminalBackend;
  /** A request whose launcher is a program that takes text; each call prepares a new one. */
  request(changes?: Partial<OpenRequest>): Promise<OpenRequest>;
  /** Resolves when the program in this terminal can take input. */
  ready(ref: TerminalRef): Promise<void>;
  /** Text that has arrived as one paste or burst, without Enter and without what frames a paste. */
  typed(ref: TerminalRef): Promise<string>;
  /** Makes the program end by itself with this exit code. */
  end(ref: TerminalRef, exitCode: number): Promise<void>;
  /** Ends everything, as when the terminal program itself is stopped. */
  stopServer(): Promise<void>;
  dispose(): Promise<void>;
}

const HOSTILE_TEXTS: Record<string, string> = {
  "plain words": "hello there",
  "a leading dash": "-t %0 -X",
  "the name of a key": "Enter",
  "a trailing semicolon": "one; two;",
  "shell syntax": "$(touch pwned) `touch pwned` $HOME && 'x' \"y\" | > <",
  "format syntax": "#{pane_id} #(touch pwned) %H%M #[fg=red]",
  "many lines": "first\n\n  third\nfourth",
  "characters outside ASCII": "grüße 日本語 👩‍👩‍👧 e\u0301 ‏שלום",
  "a trailing backslash": "path\\",
  blanks: "   ",
};

export function terminalBackendContract(name: string, setUp: () => Promise<BackendHarness>): void {
  describe(`${name}: the contract of terminal backends`, () => {
    let harness: BackendHarness;
    let backend: TerminalBackend;

    beforeEach(async () => {
      harness = await setUp();
      backend = harness.backend;
    });
    afterEach(() => harness.dispose());

    async function open(changes?: Partial<OpenRequest>): Promise<TerminalRef> {
      const ref = await backend.open(await harness.request(changes));
      await harness.ready(ref);
      return ref;
    }
    /** A backend without screens says so of every terminal. */
    async function expectNoScreen(ref: TerminalRef): Promise<void> {
      const code = backend.capabilities.screen ? "TERMINAL_GONE" : "UNSUPPORTED_BY_BACKEND";
      await expect(backend.screen(ref)).rejects.toMatchObject({ code });
    }
    const text = (value: string, isBracketed = true): InputStep => ({ kind: "text", text: value, isBracketed });

    it("says that it is usable, and with which version", async () => {
      const probe = await backend.probe();

      expect(probe).toMatchObject({ isUsable: true, version: expect.stringMatching(/./) });
      expect(probe.problem).toBeUndefined();
    });

    it("R2-29: finds a terminal by its tag from a new instance", async () => {
      const ref = await open();

      expect(await harness.another().find(ref.tag)).toEqual(ref);
      expect(await backend.find("nce_never_opened")).toBeUndefined();
      expect(await backend.find("*")).toBeUndefined();
      expect(await backend.find("")).toBeUndefined();
    });

    it("opens eight terminals at once, none twice and none lost", async () => {
      const requests = await Promise.all(Array.from({ length: 8 }, () => harness.request()));

      const refs = await Promise.all(requests.map((request) => harness.another().open(request)));

      expect(new Set(refs.map((ref) => ref.id)).size).toBe(8);
      const found = await Promise.all(requests.map((request) => backend.find(request.tag)));
      expect(found).toEqual(refs);
      const statuses = await backend.status(refs);
      expect(statuses.map((status) => status.isRunning)).toEqual(Array(8).fill(true));
    });

    it("reports the status of many terminals in order, missing ones included", async () => {
      const first = await open();
      const missing: TerminalRef = { ...first, tag: "nce_gone", id: `${first.id}99` };
      const second = await open();

      const statuses = await backend.status([second, missing, first]);

      expect(statuses.map((status) => status.exists)).toEqual([true, false, true]);
      expect(statuses[1]).toEqual({ exists: false, isRunning: false });
      expect(statuses[0]?.pid).toEqual(expect.any(Number));
      expect(statuses[0]?.pid).not.toBe(statuses[2]?.pid);
      expect(await backend.status([])).toEqual([]);
    });

    it("does not take another terminal with the same id for the one that was asked for", async () => {
      const ref = await open();
      const stale: TerminalRef = { ...ref, tag: "nce_older" };

      expect(await backend.status([stale])).toEqual([{ exists: false, isRunning: false }]);
      await expect(backend.input(stale, [text("wrong")])).rejects.toMatchObject({ code: "TERMINAL_GONE" });
      await expectNoScreen(stale);
      await backend.close(stale);

      expect(await backend.status([ref])).toMatchObject([{ isRunning: true }]);
    });

    it("learns the exit code of a program that ended, and keeps its screen", async () => {
      const ref = await open();

      await harness.end(ref, 7);

      await vi.waitFor(async () => {
        expect(await backend.status([ref])).toEqual([{ exists: true, isRunning: false, exitCode: 7 }]);
      }, 5_000);
      if (backend.capabilities.screen) expect((await backend.screen(ref)).lines.length).toBeGreaterThan(0);
      else await expectNoScreen(ref);
      await expect(backend.input(ref, [text("too late")])).rejects.toMatchObject({ code: "TERMINAL_GONE" });
    });

    for (const isBracketed of [true, false]) {
      for (const [what, value] of Object.entries(HOSTILE_TEXTS)) {
        it(`delivers ${what} literally, ${isBracketed ? "as a paste" : "as typed"}`, async () => {
          const ref = await open();

          await backend.input(ref, [text(value, isBracketed)]);

          await vi.waitFor(async () => expect(await harness.typed(ref)).toBe(value), 5_000);
        });
      }
    }

    it("delivers a text of one megabyte whole", async () => {
      const ref = await open();
      const value = "0123456789abcde\n".repeat(65_536).trimEnd();

      await backend.input(ref, [text(value)]);

      await vi.waitFor(async () => expect((await harness.typed(ref)) === value).toBe(true), 10_000);
    });

    it("performs texts, pauses and keys in order, in this terminal alone", async () => {
      const other = await open();
      const ref = await open();
      if (!backend.capabilities.screen) return expectLines(ref, other);

      await backend.input(ref, [
        text(""),
        text("two", false),
        { kind: "pause", ms: 5 },
        { kind: "keys", keys: ["Home"] },
        { kind: "keys", keys: [] },
        text("one ", false),
      ]);

      await vi.waitFor(async () => expect(await harness.typed(ref)).toMatch(/one /), 5_000);
      expect(await harness.typed(ref)).toMatch(/^(one two|two.*one )$/s);
      expect(await harness.typed(other)).toBe("");
    });

    /** Without a screen there is no cursor to move: Enter ends a line, and every other key is refused before anything. */
    async function expectLines(ref: TerminalRef, other: TerminalRef): Promise<void> {
      const steps: InputStep[] = [text(""), text("one", false), { kind: "pause", ms: 5 }, text(" two")];

      await backend.input(ref, [...steps, { kind: "keys", keys: ["Enter"] }, { kind: "keys", keys: [] }]);
      await expect(
        backend.input(ref, [text("never"), { kind: "keys", keys: ["Enter", "Home"] }]),
      ).rejects.toMatchObject({ code: "UNSUPPORTED_BY_BACKEND" });

      await vi.waitFor(async () => expect(await harness.typed(ref)).toBe("one two\n"), 5_000);
      expect(await harness.typed(other)).toBe("");
    }

    it("stops before the next burst when it is aborted in a pause", async () => {
      const ref = await open();
      const abort = new AbortController();

      const input = backend.input(
        ref,
        [text("before", false), { kind: "pause", ms: 60_000 }, text("after", false)],
        abort.signal,
      );
      await vi.waitFor(async () => expect(await harness.typed(ref)).toBe("before"), 5_000);
      abort.abort();

      await expect(input).rejects.toMatchObject({ code: "CANCELLED" });
      expect(await harness.typed(ref)).toBe("before");
    });

    it("rejects every call whose signal is aborted, and does nothing", async () => {
      const ref = await open();
      const request = await harness.request();
      const aborted = AbortSignal.abort();

      for (const call of [
        () => backend.open(request, aborted),
        () => backend.find(ref.tag, aborted),
        () => backend.status([ref], aborted),
        () => backend.input(ref, [text("x")], aborted),
        () => backend.screen(ref, {}, aborted),
        () => backend.close(ref, aborted),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "CANCELLED" });
      }

      expect(await backend.status([ref])).toMatchObject([{ isRunning: true }]);
      expect(await backend.find(request.tag)).toBeUndefined();
      expect(await harness.typed(ref)).toBe("");
    });

    it("closes exactly one terminal, ends its program, and may be told so again", async () => {
      const kept = await open();
      const ref = await open();

      await backend.close(ref);
      await backend.close(ref);

      expect(await backend.status([ref, kept])).toMatchObject([{ exists: false }, { isRunning: true }]);
      expect(await backend.find(ref.tag)).toBeUndefined();
      await expect(backend.input(ref, [text("x")])).rejects.toMatchObject({ code: "TERMINAL_GONE" });
      await expectNoScreen(ref);
    });

    it("opens again after the last terminal was closed", async () => {
      await backend.close(await open());

      const ref = await open();

      expect(await backend.status([ref])).toMatchObject([{ isRunning: true }]);
    });

    it("says that terminals are gone when what held them was stopped", async () => {
      const ref = await open();

      await harness.stopServer();

      expect(await backend.status([ref])).toEqual([{ exists: false, isRunning: false }]);
      expect(await backend.find(ref.tag)).toBeUndefined();
      await expect(backend.input(ref, [text("x")])).rejects.toMatchObject({ code: "TERMINAL_GONE" });
      await expectNoScreen(ref);
      await backend.close(ref);
      const again = await open();
      expect(await backend.status([again])).toMatchObject([{ isRunning: true }]);
    });

    it("takes every layout that it declares", async () => {
      const first = await open();

      for (const layout of backend.capabilities.layouts) {
        const ref = await open({ layout, splitFrom: first });
        expect(await backend.status([ref]), layout).toMatchObject([{ isRunning: true }]);
      }
    });

    it("opens a split although the terminal to split is gone", async () => {
      const first = await open();
      await backend.close(first);

      const ref = await open({ layout: "split-vertical", splitFrom: first });

      expect(await backend.status([ref])).toMatchObject([{ isRunning: true }]);
    });

    it("treats titles as text", async () => {
      for (const title of ["-x", "a;b;", "#(touch pwned)", "#{pane_id}", "tab\tline\nend", "'quo\"te", "grüße"]) {
        const ref = await open({ title });
        expect(await backend.status([ref]), title).toMatchObject([{ isRunning: true }]);
      }
    });

    it("can bring a terminal to the front, says how to attach, or declares that it cannot", async () => {
      const ref = await open();

      if (backend.capabilities.focus) {
        const { attachCommand } = await backend.focus(ref);
        expect(attachCommand).toEqual(backend.attachCommand(ref));
      } else {
        await expect(backend.focus(ref)).rejects.toMatchObject({ code: "UNSUPPORTED_BY_BACKEND" });
        expect(backend.attachCommand(ref)).toBeUndefined();
      }
    });
  });
}
