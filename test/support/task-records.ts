import type { Task, TaskAttempt } from "../../src/core/task.ts";

export function makeTask(change: Partial<Task> = {}): Omit<Task, "number"> {
  return {
    id: "tsk_1",
    sessionId: "ses_1",
    title: "Tests",
    text: "Write the tests.",
    role: null,
    priority: 5,
    needs: [],
    agentId: null,
    state: "queued",
    because: "Queued",
    timeoutMs: 3_600_000,
    retries: 0,
    check: null,
    worktree: false,
    conversation: null,
    onFailure: "none",
    causedBy: null,
    workflowRunId: null,
    stepId: null,
    createdBy: "operator",
    attempts: [],
    reports: [],
    result: null,
    error: null,
    notBefore: null,
    checker: null,
    createdAt: 1,
    queuedAt: null,
    startedAt: null,
    endedAt: null,
    seenAt: null,
    ...change,
  };
}

export function makeAttempt(change: Partial<TaskAttempt> = {}): TaskAttempt {
  return {
    number: 1,
    agentId: null,
    because: "It was idle",
    conversation: "new",
    prompts: [],
    messageIds: [],
    startedAt: 2,
    endedAt: null,
    outcome: null,
    error: null,
    checks: [],
    ...change,
  };
}
