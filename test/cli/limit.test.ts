import { describe, expect, it } from "vitest";
import { formatAgents } from "../../src/cli/render/agents.ts";
import { formatStatus } from "../../src/cli/render/status.ts";
import type { AgentView } from "../../src/core/agent.ts";
import type { SessionView } from "../../src/core/session.ts";
import { TASK_STATES, type TaskState } from "../../src/core/task.ts";
import { width } from "../../src/core/text-width.ts";
import { plainOutput } from "../support/plain-output.ts";

const agent = {
  id: "agt_1",
  parentId: null,
  name: "documentation",
  session: { id: "ses_1", name: "shop" },
  role: "general",
  state: "errored",
  because:
    "errored because usage limit until 15:04 (in 3 h 5 min), StopFailure 4 s ago (rate_limit), session file says idle for 4 s",
} as AgentView;

describe("an agent that a limit holds", () => {
  it("B7: shows until when and how long that is, in a list of 80 columns", () => {
    const [, row = ""] = formatAgents([agent], plainOutput({ columns: 80 })).split("\n");

    expect(row).toContain("errored  general  usage limit until 15:04 (in 3 h 5 min)");
    expect(width(row)).toBeLessThanOrEqual(80);
  });

  it("B7: shows it in the status before what Claude Code says, which may be longer than the line", () => {
    const summary = `You've hit your 5-hour limit ${"· and more ".repeat(10)}`;
    const attention = [
      { agent: "shop/documentation", state: "errored", summary, retryAt: new Date(2026, 10, 21, 15, 4).toISOString() },
    ];
    const tasks = {
      ...(Object.fromEntries(TASK_STATES.map((state) => [state, 0])) as Record<TaskState, number>),
      attention: [],
    };
    const text = formatStatus({ sessions: [{} as SessionView], agents: [agent], tasks, attention }, plainOutput());

    expect(text).toContain("  shop/documentation errored until 2026-11-21 15:04: You've hit your 5-hour limit");
  });
});
