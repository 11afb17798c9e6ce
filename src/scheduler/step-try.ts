import type { Agent } from "../core/agent.ts";
import { commandLine } from "../core/command-words.ts";
import { parseDuration } from "../core/duration.ts";
import { AppError, toAppError } from "../core/errors.ts";
import type { ProcessIdentity } from "../core/ports/process-runner.ts";
import { endOpenTry, isUnderWay, type PromptKind, type Task, type TaskAttempt, UNDER_WAY } from "../core/task.ts";
import { closeAbandoned, closeTry } from "./close-try.ts";
import type { Look, Round } from "./crew.ts";
import { endOrphan } from "./end-orphan.ts";
import { endTry, hasNews, STALE } from "./end-try.ts";
import { promptKey } from "./names.ts";
import { afterCheck, deadlineOf, type Evidence, type Move, nextMove, resultOf } from "./next-move.ts";
import { shortened } from "./note-report.ts";
import type { SchedulerPorts } from "./ports.ts";
import { checkFailed, reminder, taskPrompt } from "./prompts.ts";
import { sentPrompts } from "./sent-prompts.ts";

/** What to do after a step: look again at once, when the agent's evidence changes, or never. */
export type Step = { kind: "again" } | { kind: "watch"; agent: Agent } | { kind: "over"; task: Task | undefined };

/**
 * Takes a try that is under way one step further. Each step reads what is written and what the world shows, and does one
 * thing at most: cut off anywhere, the next one finds its way. `signal` cuts off a running check when the task was ended.
 */
export async function stepTry(ports: SchedulerPorts, taskId: string, signal: AbortSignal): Promise<Step> {
  const task = await ports.store.tasks.get(taskId);
  const attempt = task?.attempts.at(-1);
  if (!task || !attempt || attempt.endedAt !== null) return { kind: "over", task };
  // Its scheduler was killed: a check that it left behind would run beside the next one.
  await endOrphan(ports, task.checker);
  if (!isUnderWay(task.state)) return closeAbandoned(ports, task, attempt);
  const evidence = await gather(ports, task, attempt);
  const { agent } = evidence;
  try {
    return await make(ports, evidence, nextMove(evidence), signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    // Our own end, the store's trouble and our own mistakes are no failure of the try.
    if (isNotOfTheTry(error)) throw error;
    if (error.code === "AGENT_BUSY" && agent) return { kind: "watch", agent };
    const kind = attempt.messageIds.length === 0 ? "spawn" : "agent";
    const { number } = attempt;
    return over(await endTry(ports, task.id, { number, outcome: "failed", error: { kind, message: error.message } }));
  }
}

function isNotOfTheTry({ code, kind }: AppError): boolean {
  return kind === "cancelled" || kind === "internal" || code.startsWith("STORE_");
}

async function gather(ports: SchedulerPorts, task: Task, attempt: TaskAttempt): Promise<Evidence> {
  const { store, crew, clock, settingsSource } = ports;
  const settings = settingsSource.current();
  const agent = attempt.agentId === null ? undefined : await store.agents.get(attempt.agentId);
  let look: Look | undefined;
  let round: Round | undefined;
  if (agent && agent.launchedAt !== null) {
    const messageId = attempt.messageIds.at(-1);
    // Before the look: what it delivers changes the agent's state.
    if (messageId !== undefined && task.state !== "checking") round = await crew.round(agent, messageId);
    [look] = await crew.look([agent]);
  }
  return {
    ...{ task, attempt, agent, look, round, now: clock.now() },
    autoResume: settings.autoResume,
    spawnTimeoutMs: parseDuration(settings.spawnTimeout) ?? 60_000,
  };
}

async function make(ports: SchedulerPorts, evidence: Evidence, move: Move, signal: AbortSignal): Promise<Step> {
  const { task, attempt, agent } = evidence;
  const { crew } = ports;
  const { number } = attempt;
  if (move.kind === "end") {
    // The next try is another one's, perhaps: this agent must not begin to work on it later.
    if (move.outcome !== "done")
      await crew.withdraw(await sentPrompts(ports.store.messages, task.id, attempt), "its task's try has ended");
    return over(await endTry(ports, task.id, { ...move, number }, task));
  }
  if (!agent) throw new AppError("INTERNAL", "A try without an agent can only end");
  switch (move.kind) {
    case "launch":
      await crew.launch(agent, task);
      return { kind: "again" };
    case "resume":
      await crew.resume(agent);
      return { kind: "again" };
    case "send":
      return send(ports, evidence, agent, move.prompt);
    case "ask":
      await ask(ports, task, move.prompt);
      return { kind: "again" };
    case "watch":
      await show(ports, task, move);
      return { kind: "watch", agent };
    case "check":
      return check(ports, evidence, agent, signal);
    case "stop-and-end":
      await crew.stop(agent, await sentPrompts(ports.store.messages, task.id, attempt), move.error.message);
      return over(await endTry(ports, task.id, { ...move, number }));
  }
}

function over(task: Task | typeof STALE | undefined): Step {
  return task === STALE ? { kind: "again" } : { kind: "over", task };
}

/** The prompt was written down before; its key names it, so that it is sent once whatever happens in between. */
async function send(
  ports: SchedulerPorts,
  { task, attempt }: Evidence,
  agent: Agent,
  prompt: PromptKind,
): Promise<Step> {
  const index = attempt.messageIds.length;
  const text = await textOf(ports, task, attempt, prompt);
  if (text === undefined) return over(await ports.store.tasks.get(task.id));
  const messageId = await ports.crew.send(agent, text, promptKey(task.id, attempt.number, index));
  const isWritten = await changeAttempt(ports, task.id, (current) =>
    current.number === attempt.number && current.messageIds.length === index
      ? { ...current, messageIds: [...current.messageIds, messageId] }
      : undefined,
  );
  // Cancelled in this very moment: its canceller could not know of this prompt.
  if (!isWritten) {
    await ports.crew.stop(agent, [messageId], "its task was ended");
    await ports.store.transaction((repositories) => closeTry(repositories, task.id, attempt.number, ports.clock.now()));
  }
  return { kind: "again" };
}

async function textOf(
  ports: SchedulerPorts,
  task: Task,
  attempt: TaskAttempt,
  prompt: PromptKind,
): Promise<string | undefined> {
  const check = attempt.checks.at(-1);
  if (prompt === "check" && check) return checkFailed(task, check);
  if (prompt !== "task") return reminder(task);
  const prepared = await ports.prepareTask(task);
  if (prepared.kind === "start") return taskPrompt(task, prepared.text);
  await skip(ports, task, prepared.because);
  return undefined;
}

/** It is left out: nobody has begun to work on it. */
async function skip(ports: SchedulerPorts, task: Task, because: string): Promise<void> {
  const now = ports.clock.now();
  const attempts = endOpenTry(task.attempts, { endedAt: now, outcome: "cancelled" });
  await ports.store.tasks.update(
    task.id,
    { state: "cancelled", because, attempts, endedAt: now, notBefore: null },
    UNDER_WAY,
  );
}

/** Not when its agent has reported in this very moment. */
async function ask(ports: SchedulerPorts, task: Task, kind: PromptKind): Promise<void> {
  await changeAttempt(
    ports,
    task.id,
    (attempt, current) =>
      hasNews(task, current)
        ? undefined
        : { ...attempt, prompts: [...attempt.prompts, { kind, at: ports.clock.now() }] },
    { state: "running" },
  );
}

/** Writes only what has changed: each write wakes every process. */
async function show({ store, clock }: SchedulerPorts, task: Task, move: Move & { kind: "watch" }): Promise<void> {
  const { state, because, heldUntil, note } = move;
  const hasChanged =
    task.state !== state || task.because !== because || (heldUntil !== undefined && task.notBefore !== heldUntil);
  if (!hasChanged && note === undefined) return;
  await store.transaction(async ({ tasks }) => {
    const current = await tasks.get(task.id);
    if (!current) return;
    const noted =
      note === undefined
        ? {}
        : { reports: shortened([...current.reports, { kind: "progress", text: note, at: clock.now() }]) };
    await tasks.update(
      task.id,
      { state, because, ...(heldUntil === undefined ? {} : { notBefore: heldUntil }), ...noted },
      UNDER_WAY,
    );
  });
}

/** A check that was cut off runs again: it is there to be repeatable. Who runs it is written down before it begins. */
async function check(
  ports: SchedulerPorts,
  { task, attempt, round, now }: Evidence,
  agent: Agent,
  signal: AbortSignal,
): Promise<Step> {
  const command = commandLine(task.check ?? []);
  const isOurs = await ports.store.tasks.update(
    task.id,
    { state: "checking", because: `its check runs: ${command}` },
    UNDER_WAY,
  );
  if (!isOurs) return { kind: "again" };
  let trouble: unknown;
  const onStart = async (checker: ProcessIdentity) => {
    try {
      if (!(await ports.store.tasks.update(task.id, { checker }, UNDER_WAY)))
        throw new AppError("CANCELLED", "The task was ended");
    } catch (thrown) {
      trouble = thrown;
      throw thrown;
    }
  };
  const answer = round?.kind === "ended" ? round.answer.text : await lastAnswer(ports, attempt, agent);
  const result = await ports.crew.check(task, agent, {
    report: resultOf(task, attempt, answer),
    timeoutMs: Math.max(1, deadlineOf(task, attempt) - now),
    signal,
    onStart,
  });
  if (signal.aborted) throw new AppError("CANCELLED", "The check was cut off");
  // It has not run: nothing that its agent could repair.
  if (trouble !== undefined) throw trouble;
  const checked = { ...attempt, checks: [...attempt.checks, result] };
  const move = afterCheck(task, checked, answer);
  // What it said and what follows from it are written together.
  if (move.kind === "end")
    return over(await endTry(ports, task.id, { ...move, number: attempt.number, check: result }));
  const prompts = move.kind === "ask" ? [{ kind: move.prompt, at: ports.clock.now() }] : [];
  await changeAttempt(
    ports,
    task.id,
    (current) =>
      current.number === attempt.number
        ? { ...current, checks: [...current.checks, result], prompts: [...current.prompts, ...prompts] }
        : undefined,
    {
      checker: null,
      ...(move.kind === "ask" ? { state: "running", because: `its check did not pass: ${agent.name} repairs it` } : {}),
    },
  );
  return { kind: "again" };
}

/** After a crash in the middle of a check. */
async function lastAnswer({ crew }: SchedulerPorts, attempt: TaskAttempt, agent: Agent): Promise<string> {
  const messageId = attempt.messageIds.at(-1);
  const round = messageId === undefined ? undefined : await crew.round(agent, messageId);
  return round?.kind === "ended" ? round.answer.text : "";
}

/** Changes the open try, and perhaps its task with it; false when the task is not under way any more, or `change` wants nothing. */
async function changeAttempt(
  { store }: SchedulerPorts,
  taskId: string,
  change: (attempt: TaskAttempt, task: Task) => TaskAttempt | undefined,
  more: Partial<Task> = {},
): Promise<boolean> {
  return store.transaction(async ({ tasks }) => {
    const task = await tasks.get(taskId);
    const attempt = task?.attempts.at(-1);
    if (!task || !attempt || attempt.endedAt !== null || !isUnderWay(task.state)) return false;
    const changed = change(attempt, task);
    if (!changed) return false;
    return tasks.update(taskId, { ...more, attempts: [...task.attempts.slice(0, -1), changed] }, UNDER_WAY);
  });
}
