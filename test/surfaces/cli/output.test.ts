import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../../src/core/agent.ts";
import { collect } from "../../e2e/support/world.ts";
import { waitFor } from "../../support/wait-for.ts";
import { type FakeWorld, openFakeWorld } from "./fake-world.ts";

const BIN = new URL("../../../bin/run.js", import.meta.url).pathname;
const ESC = "\u001b";
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
let world: FakeWorld;

beforeAll(async () => {
  world = await openFakeWorld();
  await world.cli(["session", "create", "--name", "shop"]);
  const spawned = await world.cli(["agent", "spawn", "api", "--json"]);
  expect(spawned.exitCode, spawned.stdout).toBe(0);
}, 30_000);
afterAll(() => world?.dispose());

/** Collects the lines of a running command. */
function linesOf(child: ReturnType<FakeWorld["start"]>): string[] {
  const lines: string[] = [];
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
  return lines;
}

describe("colours", () => {
  it("only on request where stdout is no terminal; --no-color and NO_COLOR win", async () => {
    const [plain, forced, flag, environment] = await Promise.all([
      world.cli(["status"]),
      world.cli(["status"], { env: { FORCE_COLOR: "1" } }),
      world.cli(["status", "--no-color"], { env: { FORCE_COLOR: "1" } }),
      world.cli(["status"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }),
    ]);

    expect(forced.stdout).toContain(`${ESC}[32midle`);
    for (const { stdout } of [plain, flag, environment]) expect(stdout).not.toContain(ESC);
  });
});

describe("what agents say", () => {
  it("never reaches a terminal with its control characters: they become visible", async () => {
    // Escaped, for an input box takes neither as it is.
    const attack = JSON.stringify({ command: `${ESC}[8m${ESC}]0;owned\u0007\u009b2J \u202e echo` })
      .replace("\u009b", "\\u009b")
      .replace("\u202e", "\\u202e");
    await world.cli(["agent", "spawn", "evil"]);
    const sent = await world.cli(["agent", "send", "evil", "[[reply MARK]]", "--wait"]);
    expect(sent.stdout).toBe("MARK\n");
    await alterTranscript("MARK", `\\u001b[31mred\\u001b]0;owned\\u0007\\r`);
    await world.cli(["agent", "send", "evil", `[[permission Bash ${attack}]]`]);
    await waitFor("the permission prompt", async () => {
      const shown = await world.cli(["agent", "show", "evil", "--json"]);
      return shown.json<{ agent: AgentView }>().agent.state === "waiting" ? true : undefined;
    });

    const outputs = await Promise.all(
      [
        ["status"],
        ["agent", "show", "evil"],
        ["agent", "list"],
        ["agent", "wait", "evil"],
        ["agent", "read", "evil", "--all", "--include", "tools"],
        ["agent", "screen", "evil"],
        ["session", "show", "shop"],
        ["status", "--json"],
        ["inbox", "--json"],
      ].map((args) => world.cli(args)),
    );
    const refused = await world.cli(["agent", "interrupt", "evil"]);

    for (const { stdout } of outputs) expect(stdout.replaceAll("\n", "")).not.toMatch(CONTROL);
    const [status, show, , , read] = outputs.map(({ stdout }) => stdout);
    expect(status).toContain("␛[8m");
    expect(show).toContain("asks: ");
    expect(show).toContain("␛[8m");
    expect(read).toContain("␛[31mred␛]0;owned␇");
    for (const { stdout, stderr } of [...outputs.slice(0, 2), refused]) expect(stdout + stderr).not.toContain("\u202e");
    expect(outputs.at(-1)?.json<{ items: { summary: string }[] }>().items[0]?.summary).toContain("\u009b2J \u202e");
    expect(refused.stderr).toContain("␛[8m");
    expect(refused.stderr.replaceAll("\n", "")).not.toMatch(CONTROL);
    await world.cli(["agent", "delete", "evil", "--yes", "--force"]);
  });

  /** Claude Code writes JSON; this puts escaped control characters into what the scripted agent said. */
  async function alterTranscript(from: string, to: string): Promise<void> {
    for (const entry of await readdir(world.root, { recursive: true })) {
      if (!entry.endsWith(".jsonl") || !entry.includes("projects")) continue;
      const file = path.join(world.root, entry);
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replaceAll(`"text":"${from}"`, `"text":"${to}"`));
    }
  }
});

describe("streams", () => {
  it("status --watch --json prints one object for each change, and Ctrl-C leaves it with 130 and nothing more", async () => {
    const child = world.start(["status", "--watch", "--json"]);
    const lines = linesOf(child);
    const ended = collect(child);
    await waitFor("the first status", () => lines[0]);

    await world.cli(["agent", "send", "api", "[[sleep 30s]]"]);
    await waitFor("the change", () => lines.find((line) => line.includes('"working"')));
    child.kill("SIGINT");

    const { exitCode, stderr } = await ended;
    expect([exitCode, stderr]).toEqual([130, ""]);
    const states = lines.map((line) => (JSON.parse(line) as { agents: AgentView[] }).agents[0]?.state);
    expect([states[0], states.at(-1)]).toEqual(["idle", "working"]);
    expect(new Set(lines).size).toBe(lines.length);
    await world.cli(["agent", "interrupt", "api"]);
  });

  it("status --watch in a pipe prints a block for each change, and none because time passes", async () => {
    const child = world.start(["status", "--watch"]);
    const lines = linesOf(child);
    const ended = collect(child);
    const shown = () => lines.filter((line) => line.startsWith("shop/api"));
    await waitFor("the first status", () => shown()[0]);

    await world.cli(["agent", "send", "api", "[[sleep 4s]]", "--wait"]);
    await waitFor("the end of the turn", () => shown().find((_, index, all) => /idle/.test(all.slice(index).join())));
    child.kill("SIGINT");

    expect((await ended).exitCode).toBe(130);
    // Its age alone changes at least four times.
    expect(shown().filter((line) => line.includes("working")).length).toBeLessThan(4);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "agent read --follow --json prints one entry a line as it is written, and %s leaves it with 130",
    async (signal) => {
      const child = world.start(["agent", "read", "api", "--follow", "--json"]);
      const lines = linesOf(child);
      const ended = collect(child);
      await world.cli(["agent", "send", "api", `followed until ${signal}`, "--wait"]);
      await waitFor("the answer", () => lines.find((line) => line.includes(`echo: followed until ${signal}`)));

      child.kill(signal);

      const { exitCode, stderr } = await ended;
      expect([exitCode, stderr]).toEqual([130, ""]);
      const entries = lines.map((line) => JSON.parse(line) as { id: string; kind: string });
      expect(entries.slice(-2).map(({ kind }) => kind)).toEqual(["prompt", "text"]);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    },
  );

  it("agent read --follow misses nothing and repeats nothing, whatever conversations its agent goes through", async () => {
    const { agent } = (await world.cli(["agent", "spawn", "mover", "--json"])).json<{ agent: AgentView }>();
    const ask = (text: string) => world.cli(["agent", "send", "mover", text, "--wait"]);
    const startAgain = async (...args: string[]) => {
      await world.cli(["agent", "clear", "mover"]);
      await world.cli(["agent", "start", "mover", ...args]);
    };
    const child = world.start(["agent", "read", "mover", "--follow", "--json"]);
    const lines = linesOf(child);
    const answers = () => lines.flatMap((line) => /echo: (\w+)/.exec(line)?.[1] ?? []);
    await ask("one");
    await waitFor("the first answer", () => answers().length === 1 || undefined);

    // Whoever reads its output is slow.
    child.kill("SIGSTOP");
    await ask("two");
    await startAgain();
    await ask("three");
    await startAgain();
    await ask("four");
    child.kill("SIGCONT");
    await waitFor("the third conversation", () => answers().includes("four") || undefined);
    await startAgain("--conversation", agent.conversationId ?? "");
    await ask("five");
    await waitFor("the first conversation again", () => answers().includes("five") || undefined);

    child.kill("SIGTERM");
    await collect(child);
    expect(answers()).toEqual(["one", "two", "three", "four", "five"]);
  }, 60_000);

  it("agent log --follow --json prints one event a line, each once, as it happens", async () => {
    const child = world.start(["agent", "log", "api", "--follow", "--json"]);
    const lines = linesOf(child);
    const ended = collect(child);
    await waitFor("what was before", () => lines.find((line) => line.includes("lifecycle.spawned")));
    const sent = await world.cli(["agent", "send", "api", "for the log", "--wait", "--json"]);
    const { id } = sent.json<{ message: { id: string } }>().message;
    const ofMessage = () =>
      lines.filter((line) => line.includes(id)).map((line) => JSON.parse(line) as { kind: string });
    await waitFor("its end", () => ofMessage().find(({ kind }) => kind === "usage"));

    child.kill("SIGINT");

    expect([(await ended).exitCode, new Set(lines).size]).toEqual([130, lines.length]);
    const steps = ["queued", "typed", "submitted", "recorded", "answered"].map((step) => `message.${step}`);
    expect(ofMessage().map(({ kind }) => kind)).toEqual([...steps, "usage"]);
  });

  it("Ctrl-C of a waiting command is CANCELLED with 130, and the turn goes on", async () => {
    const child = world.start(["agent", "send", "api", "[[sleep 2s]][[reply went on]]", "--wait", "--json"]);
    const ended = collect(child);
    await waitFor("the turn", async () => {
      const shown = await world.cli(["agent", "show", "api", "--json"]);
      return shown.json<{ agent: AgentView }>().agent.state === "working" ? true : undefined;
    });

    child.kill("SIGINT");

    const cancelled = await ended;
    expect(cancelled.exitCode).toBe(130);
    const { error } = cancelled.json<{ error: { code: string; hint: string; details: { messageId: string } } }>();
    expect(error).toMatchObject({ code: "CANCELLED", details: { state: "recorded" } });
    // To run it again would send it again.
    expect(error.hint).toMatch(/^Do not send it again/);
    expect(error.hint).toContain(`--message ${error.details.messageId} --wait`);
    const read = await world.cli(["agent", "read", "api", "--wait", "--json"]);
    expect(read.json()).toMatchObject({ answer: { text: "went on" } });
  });
});

describe("standard output that goes away", () => {
  it.each([
    [["status"], 0],
    [["status", "--json"], 0],
    [["--help"], 0],
    [["status", "nope", "--json"], 3],
  ])("closed before the start: %j ends quietly with %i", async (args, exit) => {
    const child = world.start(args);
    child.stdout?.destroy();

    const { exitCode, stderr } = await collect(child);

    expect([exitCode, stderr]).toEqual([exit, ""]);
  });

  it("a prompt is delivered all the same", async () => {
    const child = world.start(["agent", "send", "api", "to nobody's eyes"]);
    child.stdout?.destroy();

    expect((await collect(child)).exitCode).toBe(0);
    const read = await world.cli(["agent", "read", "api", "--wait", "--json"]);
    expect(read.json()).toMatchObject({ answer: { text: "echo: to nobody's eyes" } });
  });

  it("notes that nobody reads any more (`2>&1 | head`) end nothing half done", async () => {
    const child = world.start(["demo"], { env: { TMPDIR: world.project } });
    child.stderr?.once("data", () => child.stderr?.destroy());

    const { exitCode, stdout } = await collect(child);

    expect([exitCode, stdout.split("\n")]).toEqual([0, expect.arrayContaining([expect.stringMatching(/^tester: /)])]);
    expect(await readdir(world.project)).toEqual([]);
  });

  it("closed in the middle of more than a pipe holds (`| head -1`): no error, no trace", async () => {
    const long = await world.cli(["agent", "send", "api", "-", "--wait"], {
      input: `[[reply ${"x".repeat(500_000)}]]`,
    });
    expect(long.stdout).toHaveLength(500_001);
    const child = world.start(["agent", "read", "api"]);
    child.stdout?.once("data", () => child.stdout?.destroy());

    const { exitCode, stderr } = await collect(child);

    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it.skipIf(!existsSync("/dev/full"))("a full disk is told, with exit 1", async () => {
    const full = await open("/dev/full", "w");
    const child = spawn(process.execPath, [BIN, "status"], {
      cwd: world.project,
      env: world.env,
      stdio: ["ignore", full.fd, "pipe"],
    });

    const { exitCode, stderr } = await collect(child);
    await full.close();

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Error: Standard output could not be written \(ENOSPC\)/);
  });
});

describe("on a terminal of 80 columns", () => {
  const socket = `orch-cli-${randomBytes(6).toString("hex")}`;
  const run = promisify(execFile);
  const tmux = async (...args: string[]) => (await run("tmux", ["-L", socket, "-f", "/dev/null", ...args])).stdout;
  const screen = () => tmux("capture-pane", "-p", "-t", "cli");

  beforeAll(async () => {
    const env = Object.entries(world.env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    await tmux("new-session", "-d", "-s", "cli", "-x", "80", "-y", "30", "-c", world.project, ...env, "/bin/sh");
    await tmux("send-keys", "-t", "cli", "PS1='$ '", "Enter");
  });
  afterAll(() => tmux("kill-server").catch(() => undefined));

  async function type(args: string, env = ""): Promise<void> {
    const line = `clear; ${env} '${process.execPath}' '${BIN}' ${args}; echo "exit=$?"`;
    await tmux("send-keys", "-t", "cli", "-l", line);
    await tmux("send-keys", "-t", "cli", "Enter");
  }
  const finished = () =>
    waitFor("the command to end", async () => {
      const text = await screen();
      return /^exit=\d+$/m.test(text) ? text : undefined;
    });

  it("tables are cut to the width, in colour", async () => {
    await type("status");
    const text = await finished();

    const row = text.split("\n").find((line) => line.startsWith("shop/api"));
    expect(row).toMatch(/^shop\/api +idle +general +(?!idle because).*…$/);
    expect(text).toMatch(/exit=0/);
    expect(await tmux("capture-pane", "-p", "-e", "-t", "cli")).toContain(`${ESC}[32midle`);
  });

  it.each([
    ["", "0"],
    ["TERM=dumb", "1"],
  ])("status --watch moves and hides the cursor only where the terminal can: %j", async (env, isCursorShown) => {
    await type("status --watch", env);
    await waitFor("the first status", async () => (/^shop\/api/m.test(await screen()) ? true : undefined));
    expect((await tmux("display-message", "-p", "-t", "cli", "#{cursor_flag}")).trim()).toBe(isCursorShown);
    await tmux("send-keys", "-t", "cli", "C-c");
    await waitFor("its end", async () =>
      (await tmux("display-message", "-p", "-t", "cli", "#{pane_current_command}")).includes("node") ? undefined : true,
    );
  });

  it("asks before it destroys: no leaves everything and exits 130, yes does it", async () => {
    await world.cli(["agent", "spawn", "doomed"]);
    await type("agent delete doomed");
    await waitFor("the question", async () =>
      (await screen()).includes("Delete agent doomed? [y/N]") ? true : undefined,
    );
    await tmux("send-keys", "-t", "cli", "n", "Enter");
    const denied = await finished();
    expect(denied).toMatch(/Not confirmed; nothing was done[\s\S]*exit=130/);
    expect((await world.cli(["agent", "show", "doomed"])).exitCode).toBe(0);

    await type("agent delete doomed");
    await waitFor("the question", async () => ((await screen()).includes("[y/N]") ? true : undefined));
    await tmux("send-keys", "-t", "cli", "y", "Enter");
    expect(await finished()).toMatch(/exit=0/);
    expect((await world.cli(["agent", "show", "doomed"])).exitCode).toBe(3);
  });
});
