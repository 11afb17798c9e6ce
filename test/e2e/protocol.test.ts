import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentView } from "../../src/core/agent.ts";
import type { MessageView } from "../../src/core/message.ts";
import type { TaskView } from "../../src/core/task.ts";
import type { TodoView } from "../../src/core/todo/todo-summary.ts";
import type { Entry } from "../../src/core/transcript.ts";
import { claudeVersions } from "../support/claude-sandbox.ts";
import { waitFor } from "../support/wait-for.ts";
import { openWorld, type World } from "./support/world.ts";

describe.each(claudeVersions("newest"))("the working protocol on Claude Code $version", (claude) => {
  let world: World;
  let agent: AgentView;
  const adder = readFileSync(new URL("../../src/protocols/adder.md", import.meta.url), "utf8");
  const text = adder.replace(/^---\n[\s\S]*?\n---\n/, "").trim();
  const message = /\n## Message\n\n([^\n]+)\n/.exec(text)?.[1] ?? "no message";
  const file = (name: string) => path.join(world.sandbox.project, name);

  beforeAll(async () => {
    world = await openWorld(claude);
    await writeFile(file("TODO.md"), "# To do\n\n- [ ] Write docs (low)\n- [ ] Mend the cart (high)\n- [x] Begin\n");
    await run("session", "create", "--name", "shop", "--trust", "--protocol", "adder+");
    ({ agent } = await run<{ agent: AgentView }>("agent", "spawn", "--permission-mode", "acceptEdits"));
  }, 60_000);

  afterAll(() => world?.dispose(), 30_000);

  async function run<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const result = await world.cli([...args, "--json"]);
    expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result.json<T>();
  }

  async function send(prompt: string, ...more: string[]): Promise<MessageView> {
    return (await run<{ message: MessageView }>("agent", "send", agent.name, prompt, ...more)).message;
  }

  it("R1-16, R1-20, R1-10, R1-09: the user entry is protocol and message, and the model has the whole protocol", async () => {
    const recorded = await send("[[reply understood]]");
    expect(recorded).toMatchObject({ state: "recorded", text: "[[reply understood]]" });
    expect(recorded.sentText).toBe(`${message}\n\n[[reply understood]]`);

    const { entries } = await run<{ entries: Entry[] }>("agent", "read", agent.name, "--wait");
    expect(entries.map(({ text: said }) => said)).toEqual([recorded.sentText, "understood"]);
    const request = world.model.requests.findLast(({ kind }) => kind === "turn");
    expect(request?.prompt).toBe(recorded.sentText);
    expect(request?.system).toContain(text);
    expect(request?.system).toContain("You are Agent_1,");
  }, 60_000);

  it("R1-20: --no-protocol sends the bare text, and so does --exact", async () => {
    for (const flag of ["--no-protocol", "--exact"]) {
      const bare = await send("as it is", flag, "--wait");
      expect(bare).toMatchObject({ state: "answered", answer: { text: "echo: as it is" } });
      expect(bare.sentText).toBeUndefined();
    }
  }, 60_000);

  it("R1-21, R1-22: a box that the agent ticks shows within a second in status --watch", async () => {
    const show = async () => (await run<{ session: { todo: TodoView } }>("session", "show", "shop")).session.todo;
    expect(await show()).toMatchObject({ path: "TODO.md", done: 1, total: 3, current: "Mend the cart" });
    const watching = world.start(["status", "--watch", "--json"]);
    try {
      const seen: { at: number; todo: TodoView }[] = [];
      watching.stdout?.setEncoding("utf8").on("data", (lines: string) => {
        for (const line of lines.split("\n").filter((each) => each.startsWith("{") && each.endsWith("}")))
          seen.push({ at: Date.now(), todo: JSON.parse(line).sessions[0].todo });
      });
      await waitFor("the first look", async () => (seen.length > 0 ? true : undefined), { timeoutMs: 15_000 });

      const use = (tool: string, input: object) => `[[tool ${tool} ${JSON.stringify(input)}]]`;
      const [old, ticked] = ["- [ ] Mend the cart", "- [x] Mend the cart"];
      const edit = { file_path: file("TODO.md"), old_string: old, new_string: ticked };
      const done = await send(
        `${use("Read", { file_path: file("TODO.md") })}${use("Edit", edit)}[[reply ticked]]`,
        "--wait",
      );
      expect(done.answer).toMatchObject({ text: "ticked", toolUses: [{ isError: false }, { isError: false }] });

      const found = () => seen.find(({ todo }) => todo.done === 2);
      const first = await waitFor("the tick", async () => found(), { timeoutMs: 10_000 });
      expect(first.todo).toMatchObject({ total: 3, current: "Write docs" });
      expect(first.at - Date.parse(first.todo.updatedAt)).toBeLessThan(1_000);
    } finally {
      watching.kill("SIGKILL");
    }
  }, 90_000);

  it("R1-08, R1-29, R1-30: two agents work off what stands in TODO.md, each item once; an agent's find becomes a task there", async () => {
    const list = ".claude-orch/TODO.md";
    const read = (name: string) => readFile(file(name), "utf8");
    const call = (tool: string, input: object) => `[[tool mcp__claude-orch__${tool} ${JSON.stringify(input)}]]`;
    const report = (text: string) => `${call("task_report", { kind: "result", text })}[[reply over]]`;
    await mkdir(file(".claude-orch"), { recursive: true });
    await writeFile(
      file(list),
      [
        "# Plan",
        "",
        "- [ ] Write the lexer (high)",
        `  [[sleep 3s]]${call("task_submit", { text: "Find out why it is flaky", title: "Mend the flaky test" })}${report("Lexed.")}`,
        "- [ ] Write the docs",
        `  [[sleep 3s]]${report("Documented.")}`,
        "",
        "Ours: keep it small.",
        "",
      ].join("\n"),
    );
    const worker = world.start(["worker"]);
    try {
      const both = await waitFor(
        "both items",
        async () => {
          const text = await read(list);
          return /Mend the flaky test/.test(text) && text.match(/^- \[x\] /gm)?.length === 2 ? text : undefined;
        },
        { timeoutMs: 90_000 },
      );
      const owners = [1, 2].map((number) => new RegExp(`TASK_${number}: done by (Agent_\\d+) -->`).exec(both)?.[1]);
      expect(new Set(owners).size, both).toBe(2);
      expect(both).toMatch(
        /^# Plan\n\n- \[x\] Write the lexer \(high\) <!-- TASK_1: [^\n]*\n {2}\[\[sleep[^\n]*\n- \[x\] Write the docs <!-- TASK_2/,
      );
      expect(both).toMatch(/\n\nOurs: keep it small\.\n$/);
      expect(both).toMatch(/- \[ \] Mend the flaky test <!-- TASK_3/);
      const isTold = (text: string) => /- State: done[\s\S]*- Owner: Agent_\d+\n[\s\S]*Documented\./.test(text);
      await waitFor(
        "the task's own file, which is written after the list",
        async () => (isTold(await read(".claude-orch/tasks/TASK_2.md")) ? true : undefined),
        { timeoutMs: 10_000 },
      );
      for (const number of ["1", "2"]) {
        const { task } = await run<{ task: TaskView }>("task", "show", number);
        expect(task).toMatchObject({ state: "done", createdBy: "todo-file", onFailure: "fix" });
        expect(task.attempts).toHaveLength(1);
      }
    } finally {
      worker.kill("SIGTERM");
    }
  }, 120_000);
});
