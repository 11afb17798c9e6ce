import type { BackendName } from "../core/session.ts";
import type { Task } from "../core/task.ts";
import { agentSpawn } from "../operations/agent/spawn.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import { policyAllow } from "../operations/policy/allow.ts";
import { sessionCreate } from "../operations/session/create.ts";
import { taskSubmit } from "../operations/task/submit.ts";
import { taskWait } from "../operations/task/wait.ts";
import { ACTS } from "./acts.ts";
import { type FollowedTask, followTasks } from "./follow.ts";
import { appFiles, keepApp } from "./kept-app.ts";
import { loseAndRestore, type Recovery } from "./lose-and-restore.ts";
import { runOwnTests, type TestCount } from "./own-tests.ts";
import { prepareStandIns, reportInItsName, standInAct } from "./stand-ins.ts";

interface Stage {
  project: string;
  backend: BackendName;
  kept: string | null;
  say: (line: string) => void;
}

export interface Played {
  tasks: {
    number: number;
    title: string;
    role: string | null;
    agent: string;
    state: Task["state"];
    /** Exit codes of its check, in order; null where it could not be run to its end. */
    checks: (number | null)[];
  }[];
  /** What each agent reported in the end, and the way in which its first prompt got to it. */
  answers: { agent: string; answer: string; deliveredVia: string | null }[];
  /** Null for agents that are only played: nothing can be killed. */
  recovery: Recovery | null;
  files: string[];
  /** The app's own tests, run once more; null where there is no app, or they could not be run to their end. */
  tests: TestCount | null;
}

/** Far more than they take: on a slow or busy machine they are to end, too. */
const TASKS_TIMEOUT = "2m";

/** Session, agents, tasks with needs and checks, what they ask, a crash: as a person would do it by commands. */
export async function play(context: Context, { project, backend, kept, say }: Stage): Promise<Played> {
  const isReal = backend !== "fake";
  await callOperation(sessionCreate, { root: project, name: "demo", trust: true, backend }, context);
  for (const { role, mayEdit } of ACTS) {
    if (mayEdit.length > 0) await callOperation(policyAllow, { rules: mayEdit, role, session: "demo" }, context);
  }
  if (!isReal) await prepareStandIns(project);
  say(`Starting ${ACTS.map(({ role }) => role).join(", ")} …`);
  await spawnAll(context);
  const tasks = await submitAll(context, isReal, say);
  await runTasks(context, tasks, { project, isReal, say });

  const ended = await Promise.all(tasks.map((one) => outcomeOf(context, one)));
  const recovery = isReal ? await loseAndRestore(context, ACTS[0]?.role ?? "") : null;
  if (recovery) say(`kill -9 to ${recovery.agent}, then session restore: ${recovery.outcome}${sameAs(recovery)}`);
  const files = isReal ? await appFiles(project) : [];
  const tests = isReal ? await runOwnTests(context, project) : null;
  if (kept !== null) await keepApp(project, files, kept);
  return {
    tasks: ended.map(({ task }) => task),
    answers: ended.map(({ answer }) => answer),
    recovery,
    files,
    tests,
  };
}

/** All at once; when one cannot be started, the others are there or gone before it is told. */
async function spawnAll(context: Context): Promise<void> {
  const spawning = ACTS.map(({ role }) => callOperation(agentSpawn, { name: role, role, session: "demo" }, context));
  for (const result of await Promise.allSettled(spawning)) if (result.status === "rejected") throw result.reason;
}

async function submitAll(context: Context, isReal: boolean, say: Stage["say"]): Promise<FollowedTask[]> {
  const submitted: { id: string; number: number }[] = [];
  for (const act of ACTS) {
    const { prompt, check } = isReal ? act : standInAct(act);
    const needs = act.needs.flatMap((index) => submitted[index] ?? []);
    const { task } = await callOperation(
      taskSubmit,
      { text: prompt, title: act.title, role: act.role, check, needs: needs.map(({ id }) => id), session: "demo" },
      context,
    );
    submitted.push(task);
    const after = needs.length === 0 ? "" : `, after ${needs.map(({ number }) => `TASK_${number}`).join(" and ")}`;
    say(`TASK_${task.number} ${act.title} (${act.role})${after}; check: ${check}`);
  }
  return submitted.map(({ id }, index) => ({ id, agent: ACTS[index]?.role ?? "" }));
}

/** Waiting for the tasks runs the queue in this process. */
async function runTasks(
  context: Context,
  tasks: readonly FollowedTask[],
  { project, isReal, say }: Pick<Stage, "project" | "say"> & { isReal: boolean },
): Promise<void> {
  const [over, stop] = [new AbortController(), new AbortController()];
  const working = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
  const onStart = isReal ? undefined : (task: Task) => reportInItsName(context, task);
  const following = followTasks(context, { tasks, project, say, onStart }, over.signal);
  // Nobody would answer what the agents ask: no use in waiting on.
  following.catch(() => stop.abort());
  const waiting = callOperation(taskWait, { tasks: tasks.map(({ id }) => id), timeout: TASKS_TIMEOUT }, working);
  const results = await Promise.allSettled([following, waiting.finally(() => over.abort())]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function outcomeOf({ store }: Context, { id, agent }: FollowedTask) {
  const task = await store.tasks.get(id);
  const attempt = task?.attempts.at(-1);
  const [messageId] = attempt?.messageIds ?? [];
  const message = messageId === undefined ? undefined : await store.messages.get(messageId);
  return {
    task: {
      number: task?.number ?? 0,
      title: task?.title ?? "",
      role: task?.role ?? null,
      agent,
      state: task?.state ?? "cancelled",
      checks: attempt?.checks.map(({ exitCode }) => exitCode) ?? [],
    },
    answer: { agent, answer: task?.result ?? "", deliveredVia: message?.via ?? null },
  };
}

function sameAs({ isSameConversation }: Recovery): string {
  return isSameConversation ? ", with its conversation" : "";
}
