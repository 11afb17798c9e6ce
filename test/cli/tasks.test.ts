import { describe, expect, it } from "vitest";
import { formatInbox } from "../../src/cli/render/inbox.ts";
import { formatStatus } from "../../src/cli/render/status.ts";
import { renderTaskLog } from "../../src/cli/render/task-log.ts";
import { formatTaskEvent, renderTaskDetails, renderTasks } from "../../src/cli/render/tasks.ts";
import type { SessionView } from "../../src/core/session.ts";
import { TASK_STATES, type Task, type TaskState } from "../../src/core/task.ts";
import { width } from "../../src/core/text-width.ts";
import { toTaskItem, toTaskView } from "../../src/operations/task/views.ts";
import { plainOutput } from "../support/plain-output.ts";
import { makeAttempt, makeTask } from "../support/task-records.ts";

const names = {
  sessions: new Map([["ses_1", { id: "ses_1", name: "shop" }]]),
  agents: new Map([["agt_1", { id: "agt_1", name: "Agent_1", cwd: "/shop" }]]),
};
const record = (change: Partial<Task> = {}): Task => ({ ...makeTask(change), number: 7, ...change });
const item = (change: Partial<Task> = {}) => toTaskItem(record(change), names, 100_000);

describe("tasks on a terminal of 80 columns", () => {
  it("fit in a table, whatever is said of them", () => {
    const output = plainOutput({ columns: 80 });
    const long = "Rewrite the whole cart so that it survives ".repeat(3);
    renderTasks(
      {
        tasks: [
          item({ title: long, because: long, role: "security-analyst", state: "checking" }),
          item({ title: "日本語の長い題名".repeat(8), because: "\u001b[31mred" }),
        ],
        total: 5,
      },
      output,
    );

    const lines = output.written.data.join("\n").split("\n");
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^shop\/7 {2}checking {2}security-analyst {2}Rewrite .*… {2}Rewrite .*…$/);
    expect(lines.join("")).not.toContain("\u001b");
    expect(output.written.notes).toEqual(["3 more; --limit shows them"]);
  });

  it("show tries with what their checks said at the end, the words of a check quoted, and needs by their names", () => {
    const output = plainOutput({ columns: 80 });
    const said = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");
    const checks = [
      { exitCode: 3, output: said, startedAt: 3, endedAt: 4 },
      { exitCode: 0, output: "", startedAt: 5, endedAt: 6 },
    ];
    const attempts = [makeAttempt({ agentId: "agt_1", checks, outcome: "done", endedAt: 7 })];
    const needs = ["tsk_3", "tsk_gone"];
    const related = [{ id: "tsk_3", number: 3, state: "done" as const }];
    const task = record({
      state: "done",
      needs,
      check: ["sh", "-c", "exit 3"],
      attempts,
      result: "All of it.",
      priority: 7,
    });
    renderTaskDetails({ task: toTaskView(task, names, 10), related }, output);

    const text = output.written.data.join("\n");
    expect(text).toContain("priority high · agent Agent_1 · needs TASK_3 (done), tsk_gone · check sh -c 'exit 3'");
    expect(text).toContain("— try 1: done —");
    expect(text).toMatch(
      /check failed with exit 3\n {2}… \(task logs has it all\)\n {2}line 28\n[\s\S]*line 39\n {2}check passed\n—/,
    );
    expect(text).toMatch(/— result —\n {2}All of it\.$/);
  });

  it("are told in one line when they start and end", () => {
    expect(
      formatTaskEvent(item({ state: "done", title: "Two\nlines", because: "its check passed" }), plainOutput()),
    ).toBe("shop/TASK_7  done  Two lines: its check passed");
  });

  it("are counted in the status, those that need somebody first", () => {
    const counts = Object.fromEntries(TASK_STATES.map((state) => [state, 0])) as Record<TaskState, number>;
    const attention = [{ task: "shop/TASK_7", state: "waiting" as const, summary: "Which port?" }];
    const status = { sessions: [{ name: "shop", backend: "tmux" } as SessionView], agents: [], attention: [] };

    expect(formatStatus({ ...status, tasks: { ...counts, done: 2, waiting: 1, attention } }, plainOutput())).toBe(
      "1 task needs you\n  shop/TASK_7 waiting: Which port?\n\nTasks: 1 waiting, 2 done\n\nNo agents. Start one with: claude-orch agent spawn\n\nshop: tmux",
    );
    expect(formatStatus({ ...status, tasks: { ...counts, attention: [] } }, plainOutput())).not.toContain("Tasks:");
  });

  it("stand in the inbox by their names, with or without an agent", () => {
    const text = formatInbox(
      {
        items: [
          {
            id: "tsk_1",
            kind: "failed",
            agent: null,
            session: { id: "ses_1", name: "shop" },
            since: "2026-11-21T15:04:00.000Z",
            summary: "no such role",
            because: "no such role",
            task: { id: "tsk_1", number: 7, title: "Build", state: "failed" },
            respond: ["claude-orch task logs shop/7"],
          },
        ],
      },
      plainOutput(),
    );

    expect(text).toMatch(
      /^shop\/TASK_7 {2}failed {2}since .*\n {2}❯ Build\n {2}no such role\n {2}claude-orch task logs shop\/7$/,
    );
  });

  it("have a log of tries, reports and checks", () => {
    const output = plainOutput();
    const of = { attempt: 1, agent: "Agent_1", promptId: null, at: null };
    renderTaskLog(
      {
        task: { number: 7, state: "failed", because: "x" },
        entries: [
          { ...of, id: "1", kind: "prompt", text: "Build it", from: "orchestrator" },
          { ...of, id: "2", kind: "report", text: "result: built" },
          { ...of, id: "3", kind: "check", text: "boom\n", exitCode: 3 },
          { ...of, id: "4", kind: "check", text: "", exitCode: null, attempt: 2, agent: null },
        ],
      },
      output,
    );

    expect(output.written.data.join("\n")).toBe(
      "— try 1 by Agent_1 —\n❯ Build it\n\nresult: built\n\ncheck failed with exit 3\n  boom\n\n— try 2 —\ncheck was ended",
    );
  });
});
