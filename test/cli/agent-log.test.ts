import { expect, test } from "vitest";
import { renderAgentLog } from "../../src/cli/render/agent-log.ts";
import { AGENT_EVENT_KINDS, type AgentEventView } from "../../src/core/agent-event.ts";
import { width } from "../../src/core/text-width.ts";
import { plainOutput } from "../support/plain-output.ts";

const event = (change: Partial<AgentEventView> = {}): AgentEventView => ({
  at: "2026-11-21T10:00:00.000Z",
  kind: "task.reported",
  summary: "TASK_7: progress",
  ...change,
});

test("an agent's log fits 80 columns, one line an event, and what it says cannot move the cursor", () => {
  const output = plainOutput({ columns: 80 });
  const hostile = ["\u001b[2J", "日本語の長い題名".repeat(9), "two\nlines\r\u0007", "word ".repeat(40)];
  renderAgentLog(
    {
      events: [...AGENT_EVENT_KINDS.map((kind) => event({ kind })), ...hostile.map((summary) => event({ summary }))],
      more: true,
    },
    output,
  );

  const lines = output.written.data.join("\n").split("\n");
  expect(lines).toHaveLength(AGENT_EVENT_KINDS.length + hostile.length);
  for (const line of lines) expect(width(line)).toBeLessThanOrEqual(80);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}lifecycle\.spawned +TASK_7: progress$/);
  expect(lines.join("")).not.toMatch(/[\u0000-\u001f]/);
  expect(output.written.notes).toEqual(["Older events are left out."]);
});
