import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";
import type { Task } from "../../core/task.ts";
import { taskName } from "../../scheduler/names.ts";
import type { Context } from "../context.ts";
import { assertSameSession } from "../policy/authorise.ts";
import { findSessionOfDirectory, resolveSession, visibleSessions } from "../resolve.ts";

const NUMBER = /^(?:(?<session>[^/]+)\/)?(?:TASK_|#)?(?<number>[1-9]\d*)$/i;

/**
 * The task named by id, number (`7`, `TASK_7`, `shop/7`) or title. Numbers count within the session given, or the one that
 * holds the current directory; a title is looked for there first, then everywhere.
 * @throws TASK_NOT_FOUND with near titles, TASK_AMBIGUOUS, SESSION_NOT_FOUND, PERMISSION_DENIED
 */
export async function resolveTask(context: Context, ref: string, sessionRef?: string): Promise<Task> {
  const task = await findTask(context, ref, sessionRef);
  assertSameSession(context.caller.principal, task.sessionId);
  return task;
}

/** Each task once, in the order in which they were named. */
export async function resolveTasks(context: Context, refs: readonly string[], sessionRef?: string): Promise<Task[]> {
  const found = new Map<string, Task>();
  for (const ref of refs) {
    const task = await resolveTask(context, ref, sessionRef);
    found.set(task.id, task);
  }
  return [...found.values()];
}

async function findTask(context: Context, ref: string, sessionRef: string | undefined): Promise<Task> {
  const { tasks } = context.store;
  if (ref.startsWith("tsk_")) return (await tasks.get(ref)) ?? notFound(context, ref);
  const match = NUMBER.exec(ref);
  if (match?.groups) {
    const session = await sessionOfNumber(context, ref, match.groups.session ?? sessionRef);
    return (await tasks.findByNumber(session.id, Number(match.groups.number))) ?? notFound(context, ref);
  }
  return findByTitle(context, ref, sessionRef);
}

async function sessionOfNumber(context: Context, ref: string, sessionRef: string | undefined) {
  try {
    return await resolveSession(context, sessionRef);
  } catch (error) {
    if (sessionRef !== undefined || !(error instanceof AppError) || error.code !== "SESSION_NOT_FOUND") throw error;
    throw new AppError("SESSION_NOT_FOUND", `${error.message}, so that ${JSON.stringify(ref)} names no task`, {
      hint: `Write it as SESSION/${ref}, or use the task's id; claude-orch task list shows both.`,
      details: { ...error.details, task: ref },
    });
  }
}

async function findByTitle(context: Context, title: string, sessionRef: string | undefined): Promise<Task> {
  const { tasks } = context.store;
  const titled = async (sessionId?: string) =>
    (await tasks.list(sessionId === undefined ? {} : { sessionId })).filter((task) => task.title === title);
  if (sessionRef !== undefined || context.caller.principal.kind === "worker") {
    const session = await resolveSession(context, sessionRef);
    return onlyOne(await titled(session.id), title) ?? notFound(context, title);
  }
  const here = await findSessionOfDirectory(context).catch(() => undefined);
  const inHere = here && onlyOne(await titled(here.id), title);
  return inHere ?? onlyOne(await titled(), title) ?? notFound(context, title);
}

function onlyOne(found: readonly Task[], title: string): Task | undefined {
  if (found.length <= 1) return found[0];
  const names = found.map(({ number, state }) => `${taskName({ number })} (${state})`);
  throw new AppError(
    "TASK_AMBIGUOUS",
    `Several tasks have the title ${JSON.stringify(title)}: ${names.slice(0, 5).join(", ")}`,
    { details: { tasks: found.map(({ id }) => id) } },
  );
}

async function notFound(context: Context, ref: string): Promise<never> {
  const sessions = await visibleSessions(context);
  const titles = (await Promise.all(sessions.map(({ id }) => context.store.tasks.list({ sessionId: id }))))
    .flat()
    .map(({ title }) => title);
  const near = nearNames(ref, titles).map((title) => JSON.stringify(title));
  throw new AppError("TASK_NOT_FOUND", `There is no task ${JSON.stringify(ref)}`, {
    ...(near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}? claude-orch task list shows them all.` } : {}),
    details: { task: ref, near },
  });
}
