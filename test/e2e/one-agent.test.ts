import { access, mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { Entry } from "../../src/core/transcript.ts";
import { claudeVersions, processesOf } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { openWorld, type World } from "./support/world.ts";

/** A current one: for the superseded ones that R4 names, 2.1.330 asks for their successors by itself. */
const FULL_ID = "claude-opus-5-5";

interface Shown {
  agent: AgentView;
  screen: string[];
  recent: Entry[];
}

describe.each(claudeVersions("newest"))("one agent from spawn to delete on Claude Code $version", (claude) => {
  let world: World;
  let folder: string;
  let agent: AgentView;

  beforeAll(async () => {
    world = await openWorld(claude);
    folder = path.join(world.sandbox.project, "packages", "web");
    await mkdir(folder, { recursive: true });
    await run("session", "create", "--name", "shop", "--trust");
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  async function run<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"], { env: { CLAUDE_ORCH_LOG_LEVEL: "debug" } });
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json<T>();
  }

  const show = () => run<Shown>("agent", "show", agent.id);
  const send = async (text: string) =>
    (await run<{ message: MessageView }>("agent", "send", agent.id, text, "--wait")).message;

  /** The last request of the model for this prompt. */
  function requestFor(prompt: string) {
    const request = world.model.requests.findLast((one) => one.kind === "turn" && one.prompt === prompt);
    return request ?? expect.unreachable(`the model was not asked ${prompt}`);
  }

  it("R1-11, R2-14, R2-26, R4-01: is idle when spawn returns; what was said of it is in its launch, its window has its name", async () => {
    const said = [
      "--role",
      "reviewer",
      "--permission-mode",
      "acceptEdits",
      "--system-prompt",
      "Be brief.",
      "--model",
      "haiku",
    ];
    ({ agent } = await run<{ agent: AgentView }>("agent", "spawn", "web", "--cwd", "packages/web", ...said));
    expect(agent).toMatchObject({
      name: "web",
      state: "idle",
      role: "reviewer",
      permissionMode: "acceptEdits",
      cwd: folder,
    });

    expect((await send("hello")).answer?.text).toBe("echo: hello");

    const { system, toolNames } = requestFor("hello");
    expect(system).toContain("Your role is reviewer.");
    expect(system).toContain("Be brief.");
    expect(toolNames).toContain("Read");
    expect(toolNames).not.toContain("Write");
    expect((await show()).agent).toMatchObject({ state: "idle", role: "reviewer", permissionMode: "acceptEdits" });
    expect(await world.tmux("list-windows", "-a", "-F", "#{window_name}")).toBe("web\n");
    const { agents } = await run<{ agents: AgentView[] }>("agent", "list");
    expect(agents.map(({ name }) => name)).toEqual(["web"]);
    const taken = await world.cli(["agent", "spawn", "web", "--json"]);
    expect([taken.exitCode, taken.json()]).toMatchObject([4, { error: { code: "AGENT_NAME_TAKEN" } }]);
  }, 60_000);

  it("R2-13: works in --cwd, as its transcript says, and a folder that is missing is told with what to do", async () => {
    const projects = path.join(world.sandbox.configDir, "projects");
    const transcript = path.join(projects, folder.replaceAll(/[^A-Za-z0-9]/g, "-"), `${agent.conversationId}.jsonl`);
    const lines = (await readFile(transcript, "utf8")).trimEnd().split("\n");
    const folders = lines.flatMap((line) => (JSON.parse(line) as { cwd?: string }).cwd ?? []);
    expect([folders.length > 0, new Set(folders)]).toEqual([true, new Set([folder])]);

    const missing = await world.cli(["agent", "spawn", "lost", "--cwd", "packages/nowhere", "--json"]);
    expect([missing.exitCode, missing.json()]).toMatchObject([
      3,
      { error: { code: "SESSION_ROOT_MISSING", hint: expect.stringContaining("Create the directory") } },
    ]);
  });

  it("R2-24: agent show has the last lines of its terminal", async () => {
    await waitFor("the same lines", async () => {
      const { screen } = await show();
      const pane = await world.tmux("capture-pane", "-p", "-t", agent.terminal ?? "");
      const lines = pane.split("\n").filter((line) => line.trim() !== "");
      const last = lines.slice(-screen.length).map((line) => line.trimEnd());
      return screen.length >= 5 && JSON.stringify(screen) === JSON.stringify(last) ? true : undefined;
    });
  });

  it("R4-84: after agent focus a person writes in the terminal, and reads as a person, with the answer", async () => {
    const focused = await run<Record<string, unknown>>("agent", "focus", agent.id);
    expect(JSON.stringify(focused)).toContain("attach");

    await world.person.type(agent.terminal, "what time is it?");
    await world.person.type(agent.terminal, "\r");
    const read = () => run<{ entries: Entry[]; answer: { text: string } | null }>("agent", "read", agent.id, "--wait");
    const { entries } = await waitFor("the person's turn", async () => {
      const newest = await read();
      return newest.answer?.text === "echo: what time is it?" ? newest : undefined;
    });

    expect(entries[0]).toMatchObject({ kind: "prompt", text: "what time is it?", from: "person" });
    const { entries: all } = await run<{ entries: Entry[] }>("agent", "read", agent.id, "--all");
    const prompts = all.filter(({ kind }) => kind === "prompt");
    expect(prompts.map(({ text, from }) => [text, from])).toEqual([
      ["hello", "orchestrator"],
      ["what time is it?", "person"],
    ]);
  }, 40_000);

  it("R4-29: the key of the API reaches the agent; no command line, log, event, screen or file of ours holds it", async () => {
    const key = world.env.ANTHROPIC_API_KEY ?? "";
    const given = ["--env", "ANTHROPIC_API_KEY", "--model", FULL_ID];
    const { agent: keyed } = await run<{ agent: AgentView }>("agent", "spawn", "keyed", ...given);
    const asked = await run<{ message: MessageView }>("agent", "send", "keyed", "who pays?", "--wait");
    // Without a key its first answer would be an error (launch-problems.test.ts).
    expect(asked.message.answer).toMatchObject({ text: "echo: who pays?", isError: false });
    if (process.platform === "linux") expect(await readFile(`/proc/${keyed.pid}/environ`, "utf8")).toContain(key);

    const processes = await processesOf(world.sandbox.root);
    const places = new Map<string, string>();
    for (const { pid, command } of processes)
      places.set(`command line of ${pid}`, await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => command));
    for (const entry of await readdir(world.home, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile()) places.set(path.relative(world.home, file), await readFile(file, "latin1"));
    }
    const pane = await world.tmux("capture-pane", "-p", "-S", "-", "-t", keyed.terminal ?? "");
    places.set("terminal", pane);
    places.set("screen", JSON.stringify(await run("agent", "screen", "keyed")));
    places.set("show", JSON.stringify(await run("agent", "show", "keyed")));

    for (const kind of ["command line of", "logs/", "events.jsonl", "store.db", "settings.json"])
      expect(
        [...places.keys()].some((place) => place.includes(kind)),
        kind,
      ).toBe(true);
    expect([...places].filter(([, text]) => text.includes(key)).map(([place]) => place)).toEqual([]);
  }, 60_000);

  it("R4-51: Claude Code asks for the model that was named, by alias or full id, and agent show has it and its full id", async () => {
    const modelOf = async (id: string) => {
      const { agent: shown, recent } = await run<Shown>("agent", "show", id);
      return [shown.model, recent.findLast(({ kind }) => kind === "text")?.model];
    };

    const { model } = requestFor("hello");
    expect(model).toMatch(/^claude-haiku-/);
    expect(await modelOf(agent.id)).toEqual(["haiku", model]);
    expect(requestFor("who pays?").model).toBe(FULL_ID);
    expect(await modelOf("keyed")).toEqual([FULL_ID, FULL_ID]);
  });

  it("R1-12, R2-25, R4-05: delete lets it end by itself, closes its terminal, keeps its transcript and nothing else", async () => {
    const sessionFile = path.join(world.sandbox.configDir, "sessions", `${agent.pid}.json`);
    await access(sessionFile);

    const { kept } = await run<{ kept: string[] }>("agent", "delete", agent.id, "--yes");

    // Claude Code takes it away when it ends; a killed one leaves it.
    await expect(access(sessionFile)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await processesOf(world.sandbox.root)).filter(({ pid }) => pid === agent.pid)).toEqual([]);
    expect(await world.tmux("list-windows", "-a", "-F", "#{window_name}")).toBe("keyed\n");
    await expect(access(path.join(world.home, "agents", agent.id))).rejects.toMatchObject({ code: "ENOENT" });
    expect(kept).toEqual([expect.stringContaining(`${agent.conversationId}.jsonl`)]);
    expect(await readFile(kept[0] ?? "", "utf8")).toContain("echo: hello");
  }, 30_000);
});
