import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { MirrorHolder, TodoMirror, TodoMirrorRepository } from "../../core/ports/store.ts";
import type { TodoBase } from "../../core/todo/todo-base.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";
import { TODO_MIRROR_COLUMNS } from "../tables.ts";

export class SqlTodoMirrorRepository implements TodoMirrorRepository {
  readonly #scope: Scope;
  readonly #codec: RowCodec<TodoMirror>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#codec = new RowCodec("todoMirrors", TODO_MIRROR_COLUMNS, cipher);
  }

  /** Look and take happen under one write lock: of many who find a dead holder, one gets it. */
  acquire(
    sessionId: string,
    holder: MirrorHolder,
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<TodoMirror | undefined> {
    return this.#scope.write(async (database) => {
      const row = await database.selectFrom("todoMirrors").selectAll().where("id", "=", sessionId).executeTakeFirst();
      const current = row && this.#codec.decode(row);
      if (current?.holder && current.holder.token !== holder.token && isAlive(current.holder)) return undefined;
      const mirror: TodoMirror = { id: sessionId, base: current?.base ?? null, holder };
      try {
        const { holder: taken } = this.#codec.encodeChange(sessionId, { holder });
        await database
          .insertInto("todoMirrors")
          .values(this.#codec.encode(mirror))
          .onConflict((conflict) => conflict.column("id").doUpdateSet({ holder: taken ?? null }))
          .execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        throw new AppError("SESSION_NOT_FOUND", `There is no session ${sessionId}`, {
          details: { sessionId },
          cause: error,
        });
      }
      return mirror;
    });
  }

  write(sessionId: string, base: TodoBase): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = this.#codec.encodeChange(sessionId, { base });
      await database.updateTable("todoMirrors").set(row).where("id", "=", sessionId).execute();
    });
  }

  release(sessionId: string, token: string): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = await database.selectFrom("todoMirrors").selectAll().where("id", "=", sessionId).executeTakeFirst();
      if (!row || this.#codec.decode(row).holder?.token !== token) return;
      await database.updateTable("todoMirrors").set({ holder: null }).where("id", "=", sessionId).execute();
    });
  }
}
