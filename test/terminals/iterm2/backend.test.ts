import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Layout, TerminalRef } from "../../../src/core/agent.ts";
import type { InputStep, OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { terminalFiles } from "../../../src/terminals/iterm2/files.ts";
import { type Iterm2Harness, makeIterm2Harness } from "./iterm2-harness.ts";

let harness: Iterm2Harness;

/** Opens a terminal and waits for its program. */
async function open(changes: Partial<OpenRequest> = {}): Promise<TerminalRef> {
  const ref = await harness.backend.open(await harness.request(changes));
  await harness.ready(ref);
  return ref;
}

function session(ref: TerminalRef) {
  const found = harness.server.model.session(ref.id);
  if (!found) throw new Error(`iTerm2 has no session ${ref.id}`);
  return found;
}

function placeOf(ref: TerminalRef) {
  const place = harness.server.model.placeOf(session(ref));
  if (!place) throw new Error(`Session ${ref.id} is in no tab`);
  return place;
}

/** A tab that a person opened; their own shell. */
async function personsTab() {
  const { model } = harness.server;
  const place = await model.createTab({ isSelected: true });
  model.orderFront(place.window);
  return place;
}

const paste = (text: string): InputStep => ({ kind: "text", text, isBracketed: true });
const enter: InputStep = { kind: "keys", keys: ["Enter"] };

describe.each(["3.6", "3.7"] as const)("iTerm2 %s", (profile) => {
  beforeEach(async () => {
    harness = await makeIterm2Harness({ server: { profile, grid: { width: 200, height: 60 } } });
  });
  afterEach(() => harness.dispose());

  it("R1-04: three agents are three tabs of one window of their own, and nobody's keyboard moves", async () => {
    const { model } = harness.server;
    const own = await personsTab();
    model.setAppActive(true);

    const refs = [await open(), await open(), await open()];

    const places = refs.map(placeOf);
    expect(new Set(places.map(({ window }) => window.id)).size).toBe(1);
    expect(new Set(places.map(({ tab }) => tab.id)).size).toBe(3);
    expect(model.windows).toHaveLength(2);
    expect(own.window.tabs).toHaveLength(1);
    expect([model.currentWindow, own.window.selectedTab]).toEqual([own.window, own.tab]);
    expect(session(refs[0] as TerminalRef).name).toMatch(/^Agent /);
  });

  it("a person who types in our window keeps their tab and their pane", async () => {
    const { model } = harness.server;
    const first = await open();
    const { window, tab } = placeOf(first);
    model.orderFront(window);
    model.select({ window, tab, session: session(first) });
    model.setAppActive(true);

    await open();
    await open({ layout: "split-vertical", splitFrom: first });

    expect(window.selectedTab).toBe(tab);
    expect(tab.activeSession).toBe(session(first));
  });

  it("R2-02, R2-15: each layout is what it says; auto splits while both halves stay usable, then makes a tab", async () => {
    const { model } = harness.server;
    const first = await open();
    const at = (layout: Layout, splitFrom = first) => open({ layout, splitFrom });

    const right = await at("split-vertical");
    expect(placeOf(right).tab).toBe(placeOf(first).tab);
    expect(placeOf(first).tab.root.isVertical).toBe(true);
    const alone = await at("window");
    expect(placeOf(alone).window).not.toBe(placeOf(first).window);
    const below = await at("split-horizontal", alone);
    expect(placeOf(below).tab).toBe(placeOf(alone).tab);
    expect(session(below).size.width).toBe(session(alone).size.width);

    const tab = await at("tab");
    const autos = [await at("auto", tab), await at("auto", tab), await at("auto", tab), await at("auto", tab)];
    const inTab = autos.filter((ref) => placeOf(ref).tab === placeOf(tab).tab);
    // 200x60: two halves of 99, each of which is split once more at 29 rows.
    expect(inTab).toHaveLength(3);
    for (const ref of [tab, ...inTab]) {
      expect(session(ref).size.width).toBeGreaterThanOrEqual(80);
      expect(session(ref).size.height).toBeGreaterThanOrEqual(20);
    }
    expect(placeOf(autos[3] as TerminalRef).window).toBe(placeOf(first).window);
    expect(model.windows).toHaveLength(2);
  });

  it("groups have windows of their own, and the window of a group is found again after a restart of iTerm2", async () => {
    const first = await open();
    const other = await open({ group: { id: "ses_0000000002", name: "other" } });
    expect(placeOf(other).window).not.toBe(placeOf(first).window);

    await harness.server.restart({ ids: "new" });
    for (const window of harness.server.model.windows) window.user.clear();
    const next = await open();

    const found = await harness.backend.find(first.tag);
    expect(found?.id).not.toBe(first.id);
    expect(placeOf(next).window).toBe(placeOf(found as TerminalRef).window);
  });

  it("R2-29, R1-05: survives every kind of restart of iTerm2 under the same tag", async () => {
    const first = await open();
    const second = await open();

    for (const ids of ["same", "renumbered", "shuffled", "new"] as const) {
      for (const variables of ["kept", "lost"] as const) {
        await harness.server.restart({ ids, variables });
        for (const [ref, text] of [
          [first, "a"],
          [second, "b"],
        ] as const) {
          // The old reference still works: it is the tag that counts.
          await harness.backend.input(ref, [{ kind: "text", text, isBracketed: false }]);
          const found = await harness.another().find(ref.tag);
          expect(session(found as TerminalRef).program.pid, `${ids} ${variables}`).toBeDefined();
        }
      }
    }
    await vi.waitFor(() =>
      expect([first, second].map((ref) => String(harness.received(ref)))).toEqual(["a".repeat(8), "b".repeat(8)]),
    );
  });

  it("R2-29: a restored pane with a new shell in it is not the agent: nothing is typed into it, and it is not closed", async () => {
    const ref = await open();

    await harness.server.restart({ ids: "same", variables: "kept", jobs: "killed" });

    await expect(harness.backend.input(ref, [paste("rm -rf /"), enter])).rejects.toMatchObject({
      code: "TERMINAL_GONE",
    });
    await vi.waitFor(async () =>
      expect(await harness.backend.status([ref])).toEqual([{ exists: false, isRunning: false }]),
    );
    await harness.backend.close(ref);
    expect(harness.server.model.sessions).toHaveLength(1);
    expect(harness.server.model.sessions[0]?.sentText).toBe("");
  });

  it("finds minimised and buried sessions, and works with them", async () => {
    const { model } = harness.server;
    const first = await open();
    const second = await open({ layout: "split-vertical", splitFrom: first });
    model.maximize(placeOf(first).tab, session(first));
    expect(await harness.another().find(second.tag)).toEqual(second);

    model.maximize(placeOf(first).tab, undefined);
    model.bury(session(second));

    expect(await harness.another().find(second.tag)).toEqual(second);
    await harness.backend.input(second, [{ kind: "text", text: "hi", isBracketed: false }]);
    await vi.waitFor(() => expect(String(harness.received(second))).toBe("hi"));
    await harness.backend.close(second);
    expect(await harness.backend.status([second])).toEqual([{ exists: false, isRunning: false }]);
  });

  it("pastes in a frame that nothing can break, and sends Enter alone and later", async () => {
    const ref = await open();

    await harness.backend.input(ref, [paste("one\u001b[201~\r\nrm\u0003\u009b201~ two\ttab"), enter]);

    const sent = session(ref).sent.map(String);
    expect(sent).toEqual(["\u001b[200~one\nrm201~ two\ttab\u001b[201~", "\r"]);
    await harness.backend.input(ref, [{ kind: "keys", keys: ["Home", "C-u", "Enter", "Escape", "Up"] }]);
    expect(session(ref).sent.slice(2).map(String)).toEqual(["\u001b[1~\u0015", "\r", "\u001b", "\u001b[A"]);
  });

  it("runs the launcher from a folder whose name iTerm2 would evaluate, in the directory that was asked for", async () => {
    // The home folder of this harness holds blanks, quotes, `$$`, `\(` and `$(`.
    const ref = await open();

    expect(harness.started(ref)).toMatchObject({ cwd: harness.home });
    expect(harness.server.violations.list).toEqual([]);
  });

  it("stops the program before its pane is closed, so that nobody can bring it back", async () => {
    const ref = await open();
    const pids = [harness.started(ref).pid, session(ref).program.pid ?? 0];
    const left: unknown[] = [];
    const look = () => left.push(...pids.map((pid) => harness.options.processes.identify(pid)));
    harness.server.inject.on("close", { kind: "before", act: () => void look() });

    await harness.backend.close(ref);

    expect(left).toEqual([undefined, undefined]);
    expect(harness.server.model.sessions).toEqual([]);
    expect(existsSync(terminalFiles(harness.home, ref.tag).folder)).toBe(false);
  });

  it("an undone close by the person brings the agent back under its tag", async () => {
    const { model } = harness.server;
    const ref = await open();
    model.closeSession(session(ref));

    await expect(harness.backend.screen(ref)).rejects.toMatchObject({ code: "TERMINAL_GONE" });
    model.undoClose(ref.id);

    expect(await harness.backend.find(ref.tag)).toEqual(ref);
    expect(await harness.backend.status([ref])).toMatchObject([{ isRunning: true }]);
  });

  it("a session that a person restarts does not run a second agent", async () => {
    const ref = await open();
    await harness.server.model.restartSession(session(ref));

    await vi.waitFor(async () => {
      const [status] = await harness.backend.status([ref]);
      expect(status?.isRunning).toBe(false);
    });
    expect(readdirSync(join(harness.home, "agents"))).toHaveLength(1);
    expect(await harness.backend.find(ref.tag)).toBeUndefined();
  });

  it("R2-30: a hundred calls take one connection", async () => {
    const ref = await open();
    const before = harness.server.accepted;

    for (let i = 0; i < 100; i++) await harness.backend.screen(ref);

    expect([before, harness.server.accepted]).toEqual([1, 1]);
  });

  it("adopts the session of a person's program, types only while it is in front, and leaves the session at the end", async () => {
    const { model } = harness.server;
    const place = await model.createTab({
      isSelected: true,
      overrides: new Map<string, unknown>([
        ["Custom Command", "Yes"],
        ["Command", "/bin/cat"],
      ]),
    });
    const pid = place.session.program.pid ?? 0;
    const ours = await open();

    expect(await harness.backend.adopt(pid, null)).toEqual({ backend: "iterm2", tag: "", id: place.session.id });
    expect(await harness.backend.adopt(harness.started(ours).pid, "nce_2")).toBeUndefined();
    const ref = (await harness.backend.adopt(pid, "nce_1")) as TerminalRef;
    expect(await harness.another().find("nce_1")).toEqual(ref);
    expect(await harness.backend.status([ref])).toEqual([{ exists: true, isRunning: true, pid }]);
    place.session.variables.set("jobPid", process.pid);
    await expect(harness.backend.input(ref, [paste("x")])).rejects.toMatchObject({ code: "TERMINAL_GONE" });
    place.session.variables.delete("jobPid");
    await harness.backend.input(ref, [{ kind: "text", text: "hello", isBracketed: false }]);
    expect(place.session.sentText).toBe("hello");

    await harness.backend.close(ref);

    expect(model.sessions).toContain(place.session);
    expect(harness.options.processes.identify(pid)).toBeUndefined();
    expect(await harness.backend.find("nce_1")).toBeUndefined();
  });

  it("shows name and role as a badge, and the agent's state as the colour of its tab", async () => {
    const ref = await open({ title: "api \\(x) $$y$$", subtitle: "developer" });
    const { profile } = session(ref);
    expect(profile.get("Badge Text")).toBe("api \\\\(x) $$$$y$$$$\ndeveloper");

    await harness.backend.decorate(ref, "waiting");
    expect([profile.get("Use Tab Color"), profile.get("Tab Color")]).toEqual([
      true,
      expect.objectContaining({ "Red Component": 1, "Color Space": "sRGB" }),
    ]);
    await harness.backend.decorate(ref, null);
    expect(profile.get("Use Tab Color")).toBe(false);
  });

  it("refuses a raw screen, since iTerm2 tells text and no escape sequences, and says what to do", async () => {
    const ref = await open();

    await expect(harness.backend.screen(ref, { isRaw: true })).rejects.toMatchObject({
      code: "UNSUPPORTED_BY_BACKEND",
      message: expect.stringContaining("not the escape sequences"),
      hint: "Leave out --raw.",
    });
  });

  it("brings a pane to the front when asked to", async () => {
    const { model } = harness.server;
    const ref = await open();
    await personsTab();

    await harness.backend.focus(ref);

    const { window, tab } = placeOf(ref);
    expect([model.isAppActive, model.currentWindow, window.selectedTab]).toEqual([true, window, tab]);
  });
});
