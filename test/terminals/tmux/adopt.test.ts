import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TmuxBackend } from "../../../src/terminals/tmux/backend.ts";
import { codeOf } from "../../support/code-of.ts";
import { waitFor } from "../../support/wait-for.ts";
import { makeTmuxHarness, type TmuxHarness } from "./tmux-harness.ts";

describe("adopting a pane that a person opened", () => {
  let harness: TmuxHarness;
  let socket: string;
  let backend: TmuxBackend;
  let runs = 0;

  /** tmux as the person uses it, on a server of theirs. */
  const person = async (...args: string[]) => {
    const { processes, env } = harness.options;
    return (await processes.run("tmux", ["-S", socket, "-f", "/dev/null", ...args], { env })).stdout.trim();
  };

  beforeEach(async () => {
    harness = await makeTmuxHarness();
    socket = join(harness.home, "person.sock");
    await person("new-session", "-d", "-x", "100", "-y", "20", "/bin/sh");
    backend = new TmuxBackend({
      ...harness.options,
      env: { ...harness.options.env, TMUX: `${socket},1,0` },
    });
  });
  afterEach(async () => {
    await person("kill-server");
    await harness.dispose();
  });

  const lines = async () => (await person("capture-pane", "-p", "-t", "%0")).split("\n");
  const isAlive = (pid: number) => harness.options.processes.isAlive({ pid, startedAt: "" });
  const shell = async () => Number(await person("display-message", "-p", "-t", "%0", "#{pane_pid}"));

  /** Starts a program in the person's shell, as typed there; resolves with its pid once it is in the foreground. */
  async function run(command: string): Promise<number> {
    runs += 1;
    await person("send-keys", "-t", "%0", "-l", `${command} & echo "pid ${runs}:$!."; fg\n`);
    const pid = await waitFor("the program's pid", async () => {
      const found = (await lines()).join("\n").match(new RegExp(`pid ${runs}:(\\d+)\\.`))?.[1];
      return found === undefined ? undefined : Number(found);
    });
    await waitFor("the program in front", async () => {
      const front = await person("display-message", "-p", "-t", "%0", "#{pane_current_command}");
      return front === command.split(" ")[0] || undefined;
    });
    return pid;
  }
  const text = (value: string) => [{ kind: "text" as const, text: value, isBracketed: false }];

  it("R2-29: finds the pane by an ancestor of the process, tags it, and uses it from any process like one of ours", async () => {
    const pid = await run("cat");

    const seen = await backend.adopt(pid, null);
    expect(seen).toEqual({ backend: "tmux", tag: "", id: `${socket}:%0` });
    expect(await backend.find("nce_adopted")).toBeUndefined();

    const ref = await backend.adopt(pid, "nce_adopted");
    expect(ref).toEqual({ backend: "tmux", tag: "nce_adopted", id: `${socket}:%0` });
    if (!ref) throw new Error("it was adopted");
    expect(await backend.find("nce_adopted")).toEqual(ref);
    // Another process, that does not sit in the person's tmux, knows the server by the terminal's id.
    const elsewhere = harness.backend;
    expect(await elsewhere.status([ref])).toEqual([{ exists: true, isRunning: true, pid }]);
    await elsewhere.input(ref, [...text("grüße; #{pane_id}"), { kind: "keys", keys: ["Enter"] }]);
    await waitFor(
      "the echo",
      async () => (await lines()).filter((line) => line === "grüße; #{pane_id}").length === 2 || undefined,
    );
    expect((await elsewhere.screen(ref)).lines).toContain("grüße; #{pane_id}");
    expect(elsewhere.attachCommand(ref)).toEqual(["tmux", "-S", socket, "attach-session", "-t", "%0"]);
    expect(await elsewhere.status([{ ...ref, tag: "nce_other" }])).toEqual([{ exists: false, isRunning: false }]);
  });

  it("types nothing once the program has ended or sleeps: the shell under it would run it", async () => {
    const pid = await run("cat");
    const ref = await backend.adopt(pid, "nce_adopted");
    if (!ref) throw new Error("it was adopted");
    const pwned = () => backend.input(ref, [...text("echo pwned"), { kind: "keys", keys: ["Enter"] }]);
    const shellIsFront = () =>
      waitFor(
        "the shell in front",
        async () =>
          (await person("display-message", "-p", "-t", "%0", "#{pane_current_command}")) === "sh" || undefined,
      );

    await person("send-keys", "-t", "%0", "C-z");
    await shellIsFront();
    expect(await codeOf(pwned())).toBe("TERMINAL_GONE");

    await person("send-keys", "-t", "%0", "-l", "fg\n");
    await waitFor(
      "cat in front",
      async () => (await person("display-message", "-p", "-t", "%0", "#{pane_current_command}")) === "cat" || undefined,
    );
    harness.options.processes.kill(pid, "SIGKILL");
    await shellIsFront();
    expect(await codeOf(pwned())).toBe("TERMINAL_GONE");
    expect(await backend.status([ref])).toEqual([{ exists: true, isRunning: false }]);
    expect((await lines()).join("\n")).not.toContain("pwned");
  });

  it("close ends the program alone: pane, shell and server are the person's, and so is the next program there", async () => {
    const pid = await run("sleep 1000");
    const ref = await backend.adopt(pid, "nce_adopted");
    if (!ref) throw new Error("it was adopted");
    const shellPid = await shell();

    await backend.close(ref);

    expect([isAlive(pid), isAlive(shellPid)]).toEqual([false, true]);
    expect(await backend.find("nce_adopted")).toBeUndefined();
    expect(await backend.status([ref])).toEqual([{ exists: false, isRunning: false }]);
    const next = await run("sleep 2000");
    await backend.close(ref);
    expect([isAlive(next), isAlive(shellPid)]).toEqual([true, true]);
  });

  it("does not hold what runs outside of tmux, below one of our own agents, or not at all", async () => {
    expect(await backend.adopt(process.pid, "nce_adopted")).toBeUndefined();
    expect(await backend.adopt(2 ** 22 + 1, "nce_adopted")).toBeUndefined();
    const own = await backend.open(await harness.request());
    await harness.ready(own);
    const [{ pid } = { pid: undefined }] = await backend.status([own]);
    expect(await backend.adopt(pid ?? 0, "nce_adopted")).toBeUndefined();
  });
});
