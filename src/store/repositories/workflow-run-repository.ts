import { AppError } from "../../core/errors.ts";
import type { WorkflowRunRepository } from "../../core/ports/store.ts";
import type { Task } from "../../core/task.ts";
import type { WorkflowRun } from "../../core/workflow/run.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";
import { TASK_COLUMNS, WORKFLOW_RUN_COLUMNS } from "../tables.ts";
import { isStillOfUse, removeWithPrompts } from "./remove-tasks.ts";

export class SqlWorkflowRunRepository implements WorkflowRunRepository {
  readonly #scope: Scope;
  readonly #codec: RowCodec<WorkflowRun>;
  readonly #taskCodec: RowCodec<Task>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#codec = new RowCodec("workflowRuns", WORKFLOW_RUN_COLUMNS, cipher);
    this.#taskCodec = new RowCodec("tasks", TASK_COLUMNS, cipher);
  }

  get(id: string): Promise<WorkflowRun | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database.selectFrom("workflowRuns").selectAll().where("id", "=", id).executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  list({ sessionId, limit }: { sessionId?: string; limit?: number } = {}): Promise<WorkflowRun[]> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("workflowRuns")
        .selectAll()
        .$if(sessionId !== undefined, (query) => query.where("sessionId", "=", sessionId ?? null))
        .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
        .orderBy("createdAt", "desc")
        .orderBy("id", "desc")
        .execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  heldUp(since: number): Promise<string[]> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("tasks as held")
        .innerJoin("taskNeeds", "taskNeeds.taskId", "held.id")
        .innerJoin("tasks as need", "need.id", "taskNeeds.needId")
        .select("held.workflowRunId")
        .distinct()
        .where("held.state", "=", "blocked")
        .where("held.workflowRunId", "is not", null)
        .where("need.state", "in", ["failed", "cancelled"])
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom("tasks as ended")
              .select("ended.id")
              .whereRef("ended.workflowRunId", "=", "held.workflowRunId")
              .where("ended.endedAt", ">=", since),
          ),
        )
        .execute();
      return rows.map(({ workflowRunId }) => String(workflowRunId));
    });
  }

  insert(run: WorkflowRun): Promise<void> {
    return this.#scope.write(async (database) => {
      try {
        await database.insertInto("workflowRuns").values(this.#codec.encode(run)).execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        const { sessionId } = run;
        const message = `There is no session ${sessionId}`;
        throw new AppError("SESSION_NOT_FOUND", message, { details: { sessionId }, cause: error });
      }
    });
  }

  update(id: string, change: Partial<Pick<WorkflowRun, "skipped">>): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = { ...this.#codec.encodeChange(id, change), id };
      await database.updateTable("workflowRuns").set(row).where("id", "=", id).execute();
    });
  }

  removeEnded(before: number, limit: number): Promise<number> {
    return this.#scope.write(async (database) => {
      const runs = await database
        .selectFrom("workflowRuns")
        .select("id")
        .where("createdAt", "<", before)
        .where(({ exists, not, selectFrom }) => {
          const ofRun = selectFrom("tasks").select("tasks.id").whereRef("tasks.workflowRunId", "=", "workflowRuns.id");
          return not(exists(ofRun.where((where) => isStillOfUse(where, before))));
        })
        .limit(limit)
        .execute();
      for (const { id } of runs) {
        const tasks = database.selectFrom("tasks").select(["id", "attempts"]).where("workflowRunId", "=", id);
        await removeWithPrompts(database, this.#taskCodec, await tasks.execute());
        await database.deleteFrom("workflowRuns").where("id", "=", id).execute();
      }
      return runs.length;
    });
  }
}
