import { AppError } from "../../core/errors.ts";
import type { TaskRepository } from "../../core/ports/store.ts";
import { assertTaskTransition, type Task, type TaskAttempt, type TaskState } from "../../core/task.ts";
import type { FieldCipher } from "../cipher.ts";
import { type Row, RowCodec } from "../row-codec.ts";
import type { Database, Scope } from "../scope.ts";
import { isForeignKeyViolation, isUniqueViolation } from "../store-errors.ts";
import { TASK_COLUMNS } from "../tables.ts";
import { isStillOfUse, removeTask, removeWithPrompts } from "./remove-tasks.ts";
import { dependantRows, meetNeeds, replaceNeeds } from "./task-needs.ts";

type Change = Partial<Omit<Task, "id" | "number" | "sessionId">>;

/** SQLite's own bound of variables in one statement is far above. */
const MANY = 500;
/** More than anybody reads of an inbox. */
const MAX_UNSEEN = 200;

export class SqlTaskRepository implements TaskRepository {
  readonly #scope: Scope;
  readonly #cipher: FieldCipher;
  readonly #codec: RowCodec<Task>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#cipher = cipher;
    this.#codec = new RowCodec("tasks", TASK_COLUMNS, cipher);
  }

  get(id: string): Promise<Task | undefined> {
    return this.#one((database) => database.selectFrom("tasks").selectAll().where("id", "=", id));
  }

  findByNumber(sessionId: string, number: number): Promise<Task | undefined> {
    return this.#one((database) =>
      database.selectFrom("tasks").selectAll().where("sessionId", "=", sessionId).where("number", "=", number),
    );
  }

  list({ sessionId, states }: { sessionId?: string; states?: readonly TaskState[] } = {}): Promise<Task[]> {
    return this.#many((database) =>
      database
        .selectFrom("tasks")
        .selectAll()
        .$if(sessionId !== undefined, (query) => query.where("sessionId", "=", sessionId ?? null))
        .$if(states !== undefined, (query) => query.where("state", "in", states ?? []))
        .orderBy("createdAt")
        .orderBy("number"),
    );
  }

  counts(): Promise<Map<string, Partial<Record<TaskState, number>>>> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("tasks")
        .select((select) => ["sessionId", "state", select.fn.countAll<number>().as("count")])
        .groupBy(["sessionId", "state"])
        .execute();
      const counts = new Map<string, Partial<Record<TaskState, number>>>();
      for (const { sessionId, state, count } of rows) {
        const ofSession = counts.get(String(sessionId)) ?? {};
        ofSession[state as TaskState] = Number(count);
        counts.set(String(sessionId), ofSession);
      }
      return counts;
    });
  }

  countFrom({ sessionId, createdBy }: Pick<Task, "sessionId" | "createdBy">, since: number): Promise<number> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("tasks").select((select) => select.fn.countAll<number>().as("count"));
      const from = query.where("sessionId", "=", sessionId).where("createdBy", "=", createdBy);
      const row = await from.where("createdAt", ">=", since).executeTakeFirst();
      return Number(row?.count ?? 0);
    });
  }

  unseen(states: readonly ("done" | "failed")[]): Promise<Task[]> {
    return this.#many((database) =>
      database
        .selectFrom("tasks")
        .selectAll()
        .where("seenAt", "is", null)
        .where("state", "in", states)
        .where(({ and, eb, exists, not, selectFrom }) => {
          const dependant = selectFrom("taskNeeds").select("taskId").whereRef("taskNeeds.needId", "=", "tasks.id");
          return not(and([eb("state", "=", "done"), exists(dependant)]));
        })
        .orderBy("endedAt", "desc")
        .limit(MAX_UNSEEN),
    );
  }

  insert(tasks: readonly Omit<Task, "number">[]): Promise<Task[]> {
    return this.#scope.write(async (database) => {
      const stored: Task[] = [];
      for (const task of tasks) {
        const one: Task = { ...task, number: await this.#takeNumber(database, task.sessionId) };
        const lookups = { unmetNeeds: 0, laneIndex: this.#lane(one), ...openAttempt(one.attempts) };
        await database
          .insertInto("tasks")
          .values({ ...this.#codec.encode(one), ...lookups })
          .execute();
        stored.push(one);
      }
      // Once all are there: they may need each other in any order.
      for (const { id, needs } of stored) if (needs.length > 0) await replaceNeeds(database, id, needs);
      return stored;
    });
  }

  update(id: string, change: Change, from?: readonly TaskState[]): Promise<boolean> {
    return this.#scope.write(async (database) => {
      const current = await database
        .selectFrom("tasks")
        .select(["state", "sessionId", "role", "agentId"])
        .where("id", "=", id)
        .executeTakeFirst();
      if (current === undefined) {
        if (from !== undefined) return false;
        throw notFound(id);
      }
      const state = current.state as TaskState;
      if (from !== undefined && !from.includes(state)) return false;
      if (change.state !== undefined) assertTaskTransition(state, change.state);
      const row = {
        ...this.#codec.encodeChange(id, change),
        ...(change.attempts ? openAttempt(change.attempts) : {}),
        ...this.#laneChange(id, change, current),
        id,
      };
      try {
        await database.updateTable("tasks").set(row).where("id", "=", id).execute();
      } catch (error) {
        throw isUniqueViolation(error) ? agentTaken(id, change.attempts, error) : error;
      }
      if (change.attempts) await rememberWorkers(database, change.attempts);
      if (change.needs) await replaceNeeds(database, id, change.needs);
      if (change.state === "done" && state !== "done") await meetNeeds(database, id);
      return true;
    });
  }

  remove(id: string): Promise<void> {
    return this.#scope.write((database) => removeTask(database, this.#codec, id));
  }

  removeEnded(before: number, limit: number): Promise<number> {
    return this.#scope.write(async (database) => {
      const rows = await database
        .selectFrom("tasks")
        .select(["id", "attempts"])
        .where((where) => where.not(isStillOfUse(where, before)))
        .where("workflowRunId", "is", null)
        .orderBy("endedAt")
        .limit(limit)
        .execute();
      await removeWithPrompts(database, this.#codec, rows);
      return rows.length;
    });
  }

  withOpenAttempt(): Promise<Task[]> {
    return this.#many((database) =>
      database.selectFrom("tasks").selectAll().where("hasOpenAttempt", "=", 1).orderBy("createdAt"),
    );
  }

  ofWorker(agentId: string): Promise<Task | undefined> {
    return this.#one((database) => database.selectFrom("tasks").selectAll().where("openWorkerId", "=", agentId));
  }

  startable(now: number, limit: number): Promise<Task[]> {
    return this.#scope.read(async (database) => {
      const found: UrgentRow[] = [];
      const lanes = database
        .selectFrom("tasks")
        .select("laneIndex")
        .where("state", "=", "queued")
        .where("unmetNeeds", "=", 0);
      const ready = database.selectFrom("tasks").selectAll().where("state", "=", "queued").where("unmetNeeds", "=", 0);
      // From lane to lane by the index: the rest of a long lane is never looked at.
      let lane = "";
      for (;;) {
        const next = await lanes.where("laneIndex", ">", lane).orderBy("laneIndex").limit(1).executeTakeFirst();
        if (!next) break;
        lane = next.laneIndex;
        const rows = await ready
          .where("laneIndex", "=", lane)
          .where((where) => where.or([where("notBefore", "is", null), where("notBefore", "<=", now)]))
          .orderBy("urgencyIndex")
          .orderBy("createdAt")
          .orderBy("number")
          .limit(limit)
          .execute();
        found.push(...rows);
      }
      return found.toSorted(byUrgency).map((row) => this.#codec.decode(row));
    });
  }

  nextStartAt(now: number): Promise<number | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database
        .selectFrom("tasks")
        .select("notBefore")
        .where("state", "=", "queued")
        .where("notBefore", "is not", null)
        .where("notBefore", ">", now)
        .orderBy("notBefore")
        .limit(1)
        .executeTakeFirst();
      return row ? Number(row.notBefore) : undefined;
    });
  }

  misplaced(limit: number): Promise<Task[]> {
    return this.#many((database) =>
      database
        .selectFrom("tasks")
        .selectAll()
        .where((where) =>
          where.or([
            where.and([where("state", "=", "blocked"), where("unmetNeeds", "=", 0)]),
            where.and([where("state", "=", "queued"), where("unmetNeeds", ">", 0)]),
          ]),
        )
        .limit(limit),
    );
  }

  unmetNeeds(id: string): Promise<string[]> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("taskNeeds")
        .innerJoin("tasks", "tasks.id", "taskNeeds.needId")
        .select("taskNeeds.needId")
        .where("taskNeeds.taskId", "=", id)
        .where("tasks.state", "!=", "done")
        .execute();
      return rows.map(({ needId }) => needId);
    });
  }

  dependants(id: string): Promise<Task[]> {
    return this.#scope.read(async (database) =>
      (await dependantRows(database, id)).map((row) => this.#codec.decode(row)),
    );
  }

  ofRun(workflowRunId: string): Promise<Task[]> {
    return this.#many((database) =>
      database.selectFrom("tasks").selectAll().where("workflowRunId", "=", workflowRunId).orderBy("number"),
    );
  }

  blockers(since: number): Promise<Task[]> {
    return this.#many((database) =>
      database
        .selectFrom("tasks")
        .selectAll()
        .where("state", "in", ["failed", "cancelled"])
        .where("endedAt", ">=", since)
        .where((where) =>
          where.exists(
            where
              .selectFrom("taskNeeds")
              .innerJoin("tasks as dependants", "dependants.id", "taskNeeds.taskId")
              .select("taskNeeds.taskId")
              .whereRef("taskNeeds.needId", "=", "tasks.id")
              .where("dependants.state", "=", "blocked"),
          ),
        )
        .orderBy("endedAt"),
    );
  }

  causedBy(id: string): Promise<Task[]> {
    return this.#many((database) =>
      database.selectFrom("tasks").selectAll().where("causedBy", "=", id).orderBy("createdAt").orderBy("number"),
    );
  }

  workers(agentIds: readonly string[]): Promise<Set<string>> {
    return this.#scope.read(async (database) => {
      const found = new Set<string>();
      for (let from = 0; from < agentIds.length; from += MANY) {
        const part = agentIds.slice(from, from + MANY);
        const rows = await database.selectFrom("taskWorkers").select("agentId").where("agentId", "in", part).execute();
        for (const { agentId } of rows) found.add(agentId);
      }
      return found;
    });
  }

  #one(
    query: (database: Database) => { executeTakeFirst(): Promise<Row<Task> | undefined> },
  ): Promise<Task | undefined> {
    return this.#scope.read(async (database) => {
      const row = await query(database).executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  #many(query: (database: Database) => { execute(): Promise<Row<Task>[]> }): Promise<Task[]> {
    return this.#scope.read(async (database) =>
      (await query(database).execute()).map((row) => this.#codec.decode(row)),
    );
  }

  /** The caller holds the write lock: no other process takes the same number. @throws SESSION_NOT_FOUND */
  async #takeNumber(database: Database, sessionId: string): Promise<number> {
    const row = await database
      .selectFrom("taskNumbers")
      .select("next")
      .where("sessionId", "=", sessionId)
      .executeTakeFirst();
    const number = row?.next ?? 1;
    try {
      await database
        .insertInto("taskNumbers")
        .values({ sessionId, next: number + 1 })
        .onConflict((conflict) => conflict.column("sessionId").doUpdateSet({ next: number + 1 }))
        .execute();
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      throw new AppError("SESSION_NOT_FOUND", `There is no session ${sessionId}`, {
        details: { sessionId },
        cause: error,
      });
    }
    return number;
  }

  #laneChange(id: string, change: Change, current: Pick<Row<Task>, "sessionId" | "role" | "agentId">) {
    if (change.role === undefined && change.agentId === undefined) return {};
    const sealed = current.role;
    const role =
      change.role ?? (change.role === null || sealed === null ? null : this.#codec.decodeField(id, "role", sealed));
    const agentId = change.agentId === undefined ? (current.agentId as string | null) : change.agentId;
    return { laneIndex: this.#lane({ sessionId: String(current.sessionId), role, agentId }) };
  }

  #lane({ sessionId, role, agentId }: Pick<Task, "sessionId" | "role" | "agentId">): string {
    return this.#cipher.lookup(`tasks.lane:${sessionId}`, agentId ?? `role ${role ?? ""}`);
  }
}

function openAttempt(attempts: readonly TaskAttempt[]): { openWorkerId: string | null; hasOpenAttempt: number } {
  const last = attempts.at(-1);
  const isOpen = last !== undefined && last.endedAt === null;
  return { openWorkerId: isOpen ? last.agentId : null, hasOpenAttempt: isOpen ? 1 : 0 };
}

async function rememberWorkers(database: Database, attempts: readonly TaskAttempt[]): Promise<void> {
  const agentId = attempts.at(-1)?.agentId;
  if (!agentId) return;
  const exists = await database.selectFrom("agents").select("id").where("id", "=", agentId).executeTakeFirst();
  if (!exists) return;
  await database
    .insertInto("taskWorkers")
    .values({ agentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

type UrgentRow = Row<Task> & { urgencyIndex: number };

function byUrgency(a: UrgentRow, b: UrgentRow): number {
  return (
    a.urgencyIndex - b.urgencyIndex || Number(a.createdAt) - Number(b.createdAt) || Number(a.number) - Number(b.number)
  );
}

function notFound(id: string): AppError {
  return new AppError("TASK_NOT_FOUND", `There is no task ${id}`, { details: { taskId: id } });
}

function agentTaken(id: string, attempts: readonly TaskAttempt[] | undefined, cause: unknown): AppError {
  const agentId = attempts?.at(-1)?.agentId;
  return new AppError("AGENT_BUSY", "The agent works on another task", { details: { taskId: id, agentId }, cause });
}
