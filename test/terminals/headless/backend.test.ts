import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import type { InputStep } from "../../../src/core/ports/terminal-backend.ts";
import { HeadlessBackend } from "../../../src/terminals/headless/backend.ts";
import { bundleScript } from "../../support/bundle-script.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type HeadlessHarness, makeHeadlessHarness } from "./headless-harness.ts";

describe("the headless backend", () => {
  let harness: HeadlessHarness;
  let backend: HeadlessBackend;

  beforeEach(async () => {
    harness = await makeHeadlessHarness();
    backend = harness.backend;
  });
  afterEach(() => harness.dispose());

  const text = (value: string): InputStep => ({ kind: "text", text: value, isBracketed: false });
  const enter: InputStep = { kind: "keys", keys: ["Enter"] };
  const present = (file: string) => waitFor(file, async () => (existsSync(file) ? true : undefined));

  /** Opens a terminal whose program finds these files beside it. */
  async function open(...marks: string[]): Promise<TerminalRef> {
    const request = await harness.request();
    for (const mark of marks) await writeFile(join(harness.folder(request.tag), mark), "");
    const ref = await backend.open(request);
    await harness.ready(ref);
    return ref;
  }

  it("keeps what the program writes in files for its owner alone", async () => {
    const ref = await open();

    const files = harness.files(ref);
    await waitFor("output", async () =>
      (await readFile(files.output, "utf8")) === "recorder is ready\n" ? true : undefined,
    );
    expect(await readFile(files.errors, "utf8")).toBe("a word of complaint\n");
    const modes = await Promise.all(
      [files.folder, files.input, files.output, files.errors, files.pid, files.holder].map(mode),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o600, 0o600]);
  });

  it("gives the program a session and group of its own, nothing of ours, and the folder it was asked for", async () => {
    const cwd = join(harness.home, "elsewhere");
    await mkdir(cwd);
    const ref = await backend.open(await harness.request({ cwd }));
    await harness.ready(ref);

    const started = JSON.parse(await readFile(join(harness.folder(ref.tag), "started.json"), "utf8"));
    expect(started.cwd).toBe(cwd);
    expect(started.env).toMatchObject({ TERM: "dumb" });
    expect(started.env.HOME).toBeUndefined();
    expect((await backend.status([ref]))[0]?.pid).toBe(started.pid);
    if (process.platform !== "linux") return;
    const [, , group, session, terminal] = await statFields(started.pid);
    expect([group, session, terminal]).toEqual([harness.holder(ref).pid, harness.holder(ref).pid, 0]);
  });

  it("survives the process that opened it, also when that one's whole group is killed", async () => {
    const request = await harness.request();
    const script = await bundleScript(new URL("./open-and-wait.ts", import.meta.url), harness.home);
    const opener = spawn(process.execPath, [script, harness.home, JSON.stringify(request)], { detached: true });
    await once(opener.stdout, "data");

    process.kill(-(opener.pid ?? Number.NaN), "SIGKILL");
    await once(opener, "exit");

    const ref = await backend.find(request.tag);
    expect(ref).toEqual({ backend: "headless", tag: request.tag, id: request.tag });
    if (!ref) return;
    await harness.ready(ref);
    await backend.input(ref, [text("still there"), enter]);
    await waitFor("the text", async () => ((await harness.typed(ref)) === "still there\n" ? true : undefined));
  });

  it("tells a program that was killed by the code of its signal, and one whose holder was killed too as gone", async () => {
    const killed = await open();
    const lost = await open();
    const [status] = await backend.status([killed]);

    process.kill(status?.pid ?? Number.NaN, "SIGKILL");
    process.kill(-harness.holder(lost).pid, "SIGKILL");

    await waitFor("both ends", async () => {
      const statuses = await backend.status([killed, lost]);
      return statuses.some(({ isRunning }) => isRunning) ? undefined : true;
    });
    expect(await backend.status([killed, lost])).toEqual([
      { exists: true, isRunning: false, exitCode: 137 },
      { exists: false, isRunning: false },
    ]);
    await backend.close(lost);
    expect(existsSync(harness.files(lost).folder)).toBe(false);
  });

  it("tells a killed program as killed, and a lost one as lost, while a child of theirs still holds the input open", async () => {
    const openWithChild = async (): Promise<TerminalRef> => {
      const request = await harness.request();
      await writeFile(
        request.launcher,
        '#!/bin/sh\nexec 3<&0\nsleep 60 <&3 &\necho $! >"${0%/*}/child"\nexec sleep 60\n',
      );
      const ref = await backend.open(request);
      await present(join(harness.folder(request.tag), "child"));
      return ref;
    };
    const [killed, lost] = [await openWithChild(), await openWithChild()];
    const pids = (await backend.status([killed, lost])).map(({ pid = 0 }) => pid);

    process.kill(harness.holder(lost).pid, "SIGKILL");
    for (const pid of pids) process.kill(pid, "SIGKILL");

    try {
      await waitFor("both ends", async () => {
        const statuses = await backend.status([killed, lost]);
        return statuses.some(({ isRunning }) => isRunning) ? undefined : true;
      });
      expect(await backend.status([killed, lost])).toEqual([
        { exists: true, isRunning: false, exitCode: 137 },
        { exists: false, isRunning: false },
      ]);
    } finally {
      for (const { tag } of [killed, lost]) {
        process.kill(Number(await readFile(join(harness.folder(tag), "child"), "utf8")) || Number.NaN, "SIGKILL");
      }
    }
  });

  it("learns how a program ended that was told to by a signal to its whole group", async () => {
    const ref = await open();

    process.kill(-harness.holder(ref).pid, "SIGTERM");

    await present(harness.files(ref).exit);
    expect(await backend.status([ref])).toEqual([{ exists: true, isRunning: false, exitCode: 143 }]);
  });

  it("ends a program that does not listen to SIGTERM, and leaves nothing of it", async () => {
    const ref = await open("stubborn");
    const [status] = await backend.status([ref]);
    const holder = harness.holder(ref);

    await backend.close(ref);

    expect(harness.options.processes.identify(status?.pid ?? 0)).toBeUndefined();
    expect(harness.options.processes.isAlive(holder)).toBe(false);
    expect(existsSync(harness.files(ref).folder)).toBe(false);
  }, 10_000);

  it("never mixes the lines of writers in many processes, however long they are", async () => {
    const ref = await open();
    const writers = Array.from({ length: 6 }, (_, at) => String.fromCharCode(97 + at));

    await Promise.all(writers.map((letter) => harness.another().input(ref, [text(letter.repeat(150_000)), enter])));

    const lines = await waitFor("all lines", async () => {
      const received = (await harness.typed(ref)).split("\n");
      return received.length === 7 ? received.slice(0, 6) : undefined;
    });
    expect(lines.toSorted().map((line) => [line[0], line.length])).toEqual(writers.map((letter) => [letter, 150_000]));
    expect(lines.every((line) => new Set(line).size === 1)).toBe(true);
  });

  it("keeps the rest of a text that the program stopped reading, and sends it before the next one", async () => {
    const ref = await open("deaf");
    const impatient = new HeadlessBackend({ ...harness.options, timeoutMs: 50 });

    const long = impatient.input(ref, [text("x".repeat(200_000)), enter]);
    await expect(long).rejects.toMatchObject({
      code: "BACKEND_COMMAND_FAILED",
      message: expect.stringMatching(/the rest/),
    });
    const short = impatient.input(ref, [text("lost"), enter]);
    await expect(short).rejects.toMatchObject({
      code: "BACKEND_COMMAND_FAILED",
      message: expect.stringMatching(/nothing was sent/),
    });
    await rm(join(harness.folder(ref.tag), "deaf"));
    await backend.input(ref, [text("next"), enter]);

    await waitFor("both", async () => ((await harness.typed(ref)).endsWith("next\n") ? true : undefined));
    expect(await harness.typed(ref)).toBe(`${"x".repeat(200_000)}\nnext\n`);
  });

  it("writes nothing more behind a text whose writer died in the middle", async () => {
    const ref = await open();
    await writeFile(harness.files(ref).unfinished, JSON.stringify({ rest: null }));

    const input = backend.input(ref, [text("next"), enter]);

    await expect(input).rejects.toMatchObject({
      code: "BACKEND_COMMAND_FAILED",
      hint: expect.stringMatching(/--resume/),
    });
    expect(await harness.typed(ref)).toBe("");
  });

  it("finds what is left of a start that was cut short, once nobody can be at it any more, and removes it", async () => {
    const ref: TerminalRef = { backend: "headless", tag: "nce_cut", id: "nce_cut" };
    const { folder } = harness.files(ref);
    await mkdir(folder, { recursive: true });

    expect(await backend.find(ref.tag)).toBeUndefined();
    await utimes(folder, 1, 1);
    expect(await backend.find(ref.tag)).toEqual(ref);
    expect(await backend.status([ref])).toEqual([{ exists: false, isRunning: false }]);
    await backend.close(ref);
    expect(existsSync(folder)).toBe(false);
  });

  it("says why it cannot be used", async () => {
    const elsewhere = new HeadlessBackend({ ...harness.options, platform: "win32" });
    const bare = new HeadlessBackend({ ...harness.options, searchPath: "" });

    expect(await elsewhere.probe()).toMatchObject({ isUsable: false, problem: expect.stringMatching(/FIFO/) });
    expect(await bare.probe()).toMatchObject({ isUsable: false, problem: expect.stringMatching(/mkfifo/) });
  });

  it("leaves no folder behind when the program's folder does not exist", async () => {
    const request = await harness.request({ cwd: join(harness.home, "gone") });

    await expect(backend.open(request)).rejects.toMatchObject({ code: "BACKEND_COMMAND_FAILED" });

    expect(await backend.find(request.tag)).toBeUndefined();
    expect(existsSync(join(harness.home, "headless", request.tag))).toBe(false);
  });
});

async function mode(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777;
}

/** pid, parent, group, session, terminal … of a process (Linux). */
async function statFields(pid: number): Promise<number[]> {
  const line = await readFile(`/proc/${pid}/stat`, "latin1");
  const [, parent, group, session, terminal] = line
    .slice(line.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return [pid, parent ?? 0, group ?? 0, session ?? 0, terminal ?? 0];
}
