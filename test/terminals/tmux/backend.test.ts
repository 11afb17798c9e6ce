import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { ProcessRunner } from "../../../src/core/ports/process-runner.ts";
import type { OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { TmuxBackend } from "../../../src/terminals/tmux/backend.ts";
import { makeTmuxHarness, type TmuxHarness } from "./tmux-harness.ts";

describe("the tmux backend", () => {
  let harness: TmuxHarness;
  let backend: TmuxBackend;

  beforeEach(async () => {
    harness = await makeTmuxHarness();
    backend = harness.backend;
  });
  afterEach(() => harness.dispose());

  async function open(changes: Partial<OpenRequest> = {}): Promise<TerminalRef> {
    const ref = await backend.open(await harness.request(changes));
    await harness.ready(ref);
    return ref;
  }
  const started = (ref: TerminalRef) => JSON.parse(readFileSync(join(harness.folder(ref.tag), "started.json"), "utf8"));
  const lines = async (...args: string[]) => (await harness.tmux(...args)).trim().split("\n");

  it("opens eight terminals at once on a server that does not run yet, in one tmux session", async () => {
    const requests = await Promise.all(Array.from({ length: 8 }, () => harness.request()));

    await Promise.all(requests.map((request) => harness.another().open(request)));

    expect(await lines("list-sessions", "-F", "#{session_windows}")).toEqual(["8"]);
    expect(await lines("list-panes", "-a")).toHaveLength(8);
  });

  it("keeps groups apart, also those whose names tmux cannot tell apart", async () => {
    await open({ group: { id: "ses_aaaaaaaaaa", name: "a.b" } });
    await open({ group: { id: "ses_bbbbbbbbbb", name: "a_b" } });
    await open({ group: { id: "ses_bbbbbbbbbb", name: "a_b" } });

    expect((await lines("list-sessions", "-F", "#{session_windows}")).sort()).toEqual(["1", "2"]);
  });

  it("R2-15: maps each layout; auto splits while panes stay usable, else opens a new tab", async () => {
    const first = await open({ layout: "auto" });
    const shape = async () => (await lines("list-windows", "-a", "-F", "#{window_panes}")).join();
    expect(await shape()).toBe("1");

    const second = await open({ layout: "auto", splitFrom: first });
    expect(await shape()).toBe("2");
    const third = await open({ layout: "auto", splitFrom: second });
    expect(await shape()).toBe("3");
    const sizes = await lines("list-panes", "-a", "-F", "#{pane_width} #{pane_height}");
    for (const size of sizes) {
      const [columns = 0, rows = 0] = size.split(" ").map(Number);
      expect(columns >= 80 && rows >= 20, size).toBe(true);
    }
    const fourth = await open({ layout: "auto", splitFrom: third });
    expect(await shape()).toBe("3,1");
    await open({ layout: "split-horizontal", splitFrom: fourth });
    expect(await shape()).toBe("3,2");
    await open({ layout: "tab" });
    expect(await shape()).toBe("3,2,1");
    await open({ layout: "window" });
    expect(await lines("list-sessions")).toHaveLength(2);
  });

  it("opens a tab where there is no room for a split", async () => {
    let last = await open();
    for (let index = 0; index < 8; index++) last = await open({ layout: "split-horizontal", splitFrom: last });

    expect((await lines("list-windows", "-a")).length).toBeGreaterThan(1);
  });

  it("never takes the focus from what a person looks at", async () => {
    const first = await open();
    await open();
    await open({ layout: "split-vertical", splitFrom: first });

    const active = await lines("list-panes", "-a", "-f", "#{&&:#{window_active},#{pane_active}}", "-F", "#{pane_id}");

    expect(active).toEqual([first.id]);
  });

  it("starts the program in a folder whose name would be a command to tmux, and executes nothing else", async () => {
    const cwd = join(harness.home, "#(touch pwned)#{pane_id}#[fg=red];");
    await mkdir(cwd);

    const ref = await open({ cwd, title: "#(touch pwned)" });

    expect(started(ref).cwd).toBe(cwd);
    expect(await lines("list-windows", "-a", "-F", "#{window_name}")).toEqual(["#(touch pwned)"]);
    expect(() => readFileSync(join(cwd, "pwned"))).toThrow();
    expect(() => readFileSync(join(harness.home, "pwned"))).toThrow();
  });

  it("executes a launcher whose path is hostile to shells and to tmux", async () => {
    const request = await harness.request();
    const launcher = join(harness.home, "a 'b' \"c\" $(touch pwned) `x` #{pane_id};");
    const program = readFileSync(request.launcher, "utf8").replace(
      /"\$\{0%\/\*\}"/,
      () => `"${harness.folder(request.tag).replaceAll("$", "\\$")}"`,
    );
    await writeFile(launcher, program);
    await chmod(launcher, 0o700);

    const ref = await backend.open({ ...request, launcher });
    await harness.ready(ref);

    expect(await backend.find(request.tag)).toEqual(ref);
  });

  it("does not hand the first caller's environment to agents that others start later", async () => {
    const { env } = harness.options;
    const careless = new TmuxBackend({ ...harness.options, env: { ...env, API_SECRET: "hunter2", TMUX: "/x,1,0" } });
    await careless.open(await harness.request());

    const ref = await open();

    expect(JSON.stringify(started(ref).env)).not.toContain("hunter2");
    expect(await harness.tmux("show-environment", "-g")).not.toContain("hunter2");
  });

  it("frames a text as a paste only when it is asked to", async () => {
    const ref = await open();

    await backend.input(ref, [{ kind: "text", text: "a", isBracketed: true }]);
    await backend.input(ref, [{ kind: "text", text: "b\nc", isBracketed: false }]);

    await vi.waitFor(() => expect(harness.received(ref).toString()).toBe("\u001b[200~a\u001b[201~b\nc"), 5_000);
  });

  it("presses every key of the port", async () => {
    const ref = await open();
    const keys = ["Enter", "Escape", "Home", "End", "Up", "Down", "Left", "Right", "Tab", "C-c", "C-g", "C-u"] as const;

    await backend.input(ref, [{ kind: "keys", keys: [...keys] }]);

    const expected = "\r\u001b\u001b[1~\u001b[4~\u001b[A\u001b[B\u001b[D\u001b[C\t\u0003\u0007\u0015";
    await vi.waitFor(() => expect(harness.received(ref).toString()).toBe(expected), 5_000);
  });

  it("types text and Enter with one tmux process, and shows the text to no process list", async () => {
    const ref = await open();
    const calls: (readonly string[])[] = [];
    const { processes } = harness.options;
    const recording: ProcessRunner = Object.assign(Object.create(processes), {
      run: (file: string, args: readonly string[], options?: object) => {
        calls.push(args);
        return processes.run(file, args, options);
      },
    });
    const recorded = new TmuxBackend({ ...harness.options, processes: recording });

    await recorded.input(ref, [
      { kind: "text", text: "top secret", isBracketed: true },
      { kind: "keys", keys: ["Home"] },
      { kind: "keys", keys: ["Enter"] },
    ]);

    expect(calls).toHaveLength(1);
    expect(JSON.stringify(calls)).not.toContain("top secret");
    expect(await harness.tmux("list-buffers")).toBe("");
  });

  it("types although a person has scrolled back, or sends keys to all panes", async () => {
    const ref = await open();
    const other = await open({ layout: "split-vertical", splitFrom: ref });
    await harness.tmux("copy-mode", "-t", ref.id);
    await harness.tmux("set-option", "-w", "-t", ref.id, "synchronize-panes", "on");

    await backend.input(ref, [
      { kind: "text", text: "x", isBracketed: false },
      { kind: "keys", keys: ["Enter"] },
    ]);

    await vi.waitFor(() => expect(harness.received(ref).toString()).toBe("x\r"), 5_000);
    expect(harness.received(other).toString()).toBe("");
  });

  it("leaves the other terminals alone, and no text behind, when it types into one whose program has ended", async () => {
    const kept = await open();
    const ref = await open();
    await harness.end(ref, 0);
    await vi.waitFor(async () => expect(await backend.status([ref])).toMatchObject([{ isRunning: false }]), 5_000);

    await expect(backend.input(ref, [{ kind: "text", text: "late", isBracketed: true }])).rejects.toMatchObject({
      code: "TERMINAL_GONE",
    });

    expect(await backend.status([kept])).toMatchObject([{ isRunning: true }]);
    expect(await harness.tmux("list-buffers")).toBe("");
  });

  it("never types half of two texts that are sent to one terminal at the same time", async () => {
    const ref = await open();
    const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(20_000));

    await Promise.all(texts.map((text) => harness.another().input(ref, [{ kind: "text", text, isBracketed: false }])));

    await vi.waitFor(() => expect(harness.received(ref).length).toBe(80_000), 10_000);
    expect(harness.received(ref).toString()).toMatch(/^(?:(\w)\1{19999}){4}$/);
  });

  it("reads the screen with its history, its title and its colours", async () => {
    const ref = await open();
    await writeFile(
      join(harness.folder(ref.tag), "print"),
      `\u001b]2;my title\u0007${Array.from({ length: 80 }, (_, i) => `line ${i}`).join("\r\n")}\r\n\u001b[31mred grün\u001b[0m   `,
    );
    await harness.tmux("send-keys", "-t", ref.id, "C-p");

    await vi.waitFor(async () => expect((await backend.screen(ref)).lines.at(-1)).toBe("red grün"), 5_000);
    const shown = await backend.screen(ref);
    expect(shown.title).toBe("my title");
    expect(shown.lines).toHaveLength(50);
    expect(shown.lines).not.toContain("line 0");
    expect((await backend.screen(ref, { history: 1000 })).lines).toContain("line 0");
    expect((await backend.screen(ref, { history: 5 })).lines).toHaveLength(55);
    expect((await backend.screen(ref, { isRaw: true })).lines.at(-1)).toContain("\u001b[31mred");
  });

  it("learns the signal that killed a program", async () => {
    const ref = await open();

    process.kill(started(ref).pid, "SIGKILL");

    await vi.waitFor(async () => {
      expect(await backend.status([ref])).toEqual([{ exists: true, isRunning: false, exitSignal: 9 }]);
    }, 5_000);
  });

  it("reports the program's own pid, without a shell in between", async () => {
    const ref = await open();

    expect(await backend.status([ref])).toEqual([{ exists: true, isRunning: true, pid: started(ref).pid }]);
  });

  it("ends a program that does not listen to SIGHUP, and returns when it is gone", async () => {
    const ref = await open();
    await writeFile(join(harness.folder(ref.tag), "stubborn"), "");
    await harness.tmux("send-keys", "-t", ref.id, "C-p");
    await vi.waitFor(async () => expect((await backend.screen(ref)).lines.join()).toContain("stubborn"), 5_000);
    const { pid } = started(ref);

    await backend.close(ref);

    await vi.waitFor(() => expect(harness.options.processes.isAlive({ pid, startedAt: "" })).toBe(false), 2_000);
  }, 10_000);

  it("ends the server with the last terminal", async () => {
    const ref = await open();
    const pid = Number(await harness.tmux("display-message", "-p", "-t", ref.id, "#{pid}"));

    await backend.close(ref);

    await vi.waitFor(() => expect(harness.options.processes.isAlive({ pid, startedAt: "" })).toBe(false), 5_000);
  });

  it("turns an attached client to the terminal, and says how to attach when there is none", async () => {
    const first = await open();
    const second = await open({ layout: "window" });
    expect(await backend.focus(second)).toEqual({
      attachCommand: ["tmux", "-L", harness.socket, "attach-session", "-t", second.id],
    });
    const client = spawn("tmux", ["-L", harness.socket, "-C", "attach-session", "-t", first.id], {
      env: harness.options.env,
    });
    await vi.waitFor(async () => expect(await harness.tmux("list-clients")).not.toBe(""), 5_000);

    expect(await backend.focus(second)).toEqual({});

    const clientSession = await harness.tmux("list-clients", "-F", "#{pane_id}");
    expect(clientSession.trim()).toBe(second.id);
    client.kill();
    await once(client, "exit");
  });

  it("a window has the size of whoever looks at it, and room again once nobody does", async () => {
    const first = await open();
    const second = await open({ layout: "window" });
    const sizes = async () => {
      const rows = await lines("list-panes", "-a", "-F", "#{pane_id} #{window_width}x#{window_height}");
      return [first, second].map(({ id }) => rows.find((row) => row.startsWith(`${id} `))?.split(" ")[1]);
    };
    const become = (expected: string[]) => vi.waitFor(async () => expect(await sizes()).toEqual(expected), 5_000);
    expect(await sizes()).toEqual(["200x50", "200x50"]);

    const client = spawn("tmux", ["-L", harness.socket, "-C", "attach-session", "-t", first.id], {
      env: harness.options.env,
    });
    // Before it is attached, tmux refuses it a size ("no current client").
    await vi.waitFor(async () => expect(await harness.tmux("list-clients")).not.toBe(""), 5_000);
    client.stdin.write("refresh-client -C 90,30\n");
    await become(["90x30", "200x50"]);
    await backend.focus(second);
    await become(["200x50", "90x30"]);
    client.stdin.write("refresh-client -C 100,40\n");
    await become(["200x50", "100x40"]);
    client.kill();
    await once(client, "exit");

    await become(["200x50", "200x50"]);
  });

  it("says how to attach from inside another tmux", () => {
    const inside = new TmuxBackend({ ...harness.options, env: { ...harness.options.env, TMUX: "/tmp/x,1,0" } });

    expect(inside.attachCommand({ backend: "tmux", tag: "nce_1", id: "%3" })?.slice(0, 4)).toEqual([
      "env",
      "-u",
      "TMUX",
      "tmux",
    ]);
  });

  it("names a window after its first agent, to the letter", async () => {
    const ref = await open({ title: "a 'b' #{x} ü" });
    await open({ title: "beside it", layout: "split-vertical", splitFrom: ref });

    expect(await lines("list-windows", "-a", "-F", "#{window_name}")).toEqual(["a 'b' #{x} ü"]);
  });

  it("refuses a tag that would mean something to tmux", async () => {
    const request = await harness.request();

    await expect(backend.open({ ...request, tag: "a#{x} b" })).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("the tmux backend's probe", () => {
  let harness: TmuxHarness;

  beforeEach(async () => {
    harness = await makeTmuxHarness();
  });
  afterEach(() => harness.dispose());

  async function withTmux(script: string): Promise<TmuxBackend> {
    const bin = join(harness.home, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "tmux"), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, "tmux"), 0o700);
    return new TmuxBackend({
      ...harness.options,
      timeoutMs: 300,
      env: { ...harness.options.env, PATH: `${bin}:/usr/bin:/bin` },
    });
  }

  it("is usable where no server runs, and starts none", async () => {
    expect(await harness.backend.probe()).toEqual({ isUsable: true, version: expect.stringMatching(/^\d/) });
    expect(await harness.tmux("list-sessions")).toBe("");
  });

  it("says that tmux is not installed, and so does every call", async () => {
    const backend = new TmuxBackend({ ...harness.options, env: { PATH: "/nonexistent" } });

    expect(await backend.probe()).toMatchObject({
      isUsable: false,
      problem: "tmux is not installed",
      fix: expect.stringMatching(/Install/),
    });
    await expect(backend.find("nce_1")).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  });

  it.each([
    ["tmux 3.1c", false],
    ["tmux 2.9", false],
    ["tmux 3.2", true],
    ["tmux next-3.6", true],
    ["tmux openbsd-7.4", true],
    ["tmux master", true],
  ])("takes %s for usable: %s", async (version, isUsable) => {
    const backend = await withTmux(
      `[ "$1" = -V ] && { echo ${version}; exit; }; echo "no server running on x" >&2; exit 1`,
    );

    expect(await backend.probe()).toMatchObject({ isUsable, version: version.slice(5) });
  });

  it.each([
    ["3.2a", "%0|1|7||4711|4242|||/bin/sh -c x nce_1 y", { exitCode: 7 }],
    ["3.3a", "%0|1||9|4711|4242|||/bin/sh -c x nce_1 y", { exitSignal: 9 }],
    // No pid any more once the program has ended.
    ["3.8", "%0|1|7|||4242|||/bin/sh -c x nce_1 y", { exitCode: 7 }],
    ["3.8", "%0|1||KILL||4242|||/bin/sh -c x nce_1 y", { exitSignal: 9 }],
  ])("learns from tmux %s how a program ended: %s", async (_version, row, end) => {
    const backend = await withTmux(`echo '${row}'`);

    const ref = { backend: "tmux" as const, tag: "nce_1", id: "%0" };
    expect(await backend.status([ref])).toEqual([{ exists: true, isRunning: false, ...end }]);
  });

  it("says that the socket's folder is not ours", async () => {
    const ref = await harness.backend.open(await harness.request());
    const folder = join(harness.home, `tmux-${process.getuid?.()}`);
    chmodSync(folder, 0o777);

    const probe = await harness.backend.probe();

    expect(probe).toMatchObject({
      isUsable: false,
      problem: expect.stringMatching(/permissions/),
      fix: expect.any(String),
    });
    await expect(harness.backend.status([ref])).rejects.toMatchObject({ code: "BACKEND_COMMAND_FAILED" });
    chmodSync(folder, 0o700);
  });

  it("is usable with a socket that a dead server left behind", async () => {
    const ref = await harness.backend.open(await harness.request());
    const pid = Number(await harness.tmux("display-message", "-p", "-t", ref.id, "#{pid}"));
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(harness.options.processes.isAlive({ pid, startedAt: "" })).toBe(false));

    expect(await harness.backend.probe()).toMatchObject({ isUsable: true });
    expect(await harness.backend.status([ref])).toEqual([{ exists: false, isRunning: false }]);
    const again = await harness.backend.open(await harness.request());
    expect(await harness.backend.status([again])).toMatchObject([{ isRunning: true }]);
  });

  it("says that a server does not answer, and bounds every call", async () => {
    const backend = await withTmux('[ "$1" = -V ] && { echo tmux 3.4; exit; }; sleep 60');

    expect(await backend.probe()).toMatchObject({ isUsable: false, problem: expect.stringMatching(/does not answer/) });
    await expect(backend.find("nce_1")).rejects.toMatchObject({
      code: "BACKEND_COMMAND_FAILED",
      details: { reason: "timed-out" },
    });
  });
});
