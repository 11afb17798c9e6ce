import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { CoordinationRepository } from "../../core/ports/store.ts";
import type { Coordination, CoordinationState } from "../../core/team/coordination.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Database, Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";
import { COORDINATION_COLUMNS } from "../tables.ts";

export class SqlCoordinationRepository implements CoordinationRepository {
  readonly #scope: Scope;
  readonly #codec: RowCodec<Coordination>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#codec = new RowCodec("coordinations", COORDINATION_COLUMNS, cipher);
  }

  get(id: string): Promise<Coordination | undefined> {
    return this.#scope.read((database) => this.#find(database, id));
  }

  list({ sessionId, state }: { sessionId?: string; state?: CoordinationState } = {}): Promise<Coordination[]> {
    return this.#scope.read(async (database) => {
      let query = database.selectFrom("coordinations").selectAll();
      if (sessionId !== undefined) query = query.where("sessionId", "=", sessionId);
      if (state !== undefined) query = query.where("state", "=", state);
      const rows = await query.orderBy("createdAt").orderBy("id").execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  insert(coordination: Coordination): Promise<void> {
    return this.#scope.write(async (database) => {
      try {
        await database.insertInto("coordinations").values(this.#codec.encode(coordination)).execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        const { sessionId } = coordination;
        throw new AppError("SESSION_NOT_FOUND", `There is no session ${sessionId}`, {
          details: { sessionId },
          cause: error,
        });
      }
    });
  }

  /** Look and take happen under one write lock: of many who find a dead holder, one gets it. */
  claim(
    id: string,
    holder: ProcessIdentity & { token: string },
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<Coordination | undefined> {
    return this.#scope.write(async (database) => {
      const found = await this.#find(database, id);
      if (found?.state !== "running" || (found.holder !== null && isAlive(found.holder))) return undefined;
      await this.#change(database, id, { holder });
      return { ...found, holder };
    });
  }

  release(id: string, token: string): Promise<void> {
    return this.#scope.write(async (database) => {
      if ((await this.#find(database, id))?.holder?.token === token) await this.#change(database, id, { holder: null });
    });
  }

  advance(
    id: string,
    token: string,
    change: Partial<Pick<Coordination, "stages" | "remainingMs" | "state" | "endedAt">>,
  ): Promise<boolean> {
    return this.#scope.write(async (database) => {
      const found = await this.#find(database, id);
      if (found?.state !== "running" || found.holder?.token !== token) return false;
      await this.#change(database, id, change);
      return true;
    });
  }

  cancel(id: string, endedAt: number): Promise<boolean> {
    return this.#scope.write(async (database) => {
      if ((await this.#find(database, id))?.state !== "running") return false;
      await this.#change(database, id, { state: "cancelled", endedAt });
      return true;
    });
  }

  unseen(): Promise<Coordination[]> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("coordinations")
        .selectAll()
        .where("seenAt", "is", null)
        .where("state", "in", ["done", "failed"])
        .orderBy("endedAt")
        .orderBy("id")
        .execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  markSeen(id: string, seenAt: number): Promise<void> {
    return this.#scope.write((database) => this.#change(database, id, { seenAt }));
  }

  removeEnded(before: number, limit: number): Promise<number> {
    return this.#scope.write(async (database) => {
      const ended = database
        .selectFrom("coordinations")
        .select("id")
        .where("state", "!=", "running")
        .where("endedAt", "<", before)
        .where((where) => where.or([where("state", "!=", "failed"), where("seenAt", "is not", null)]))
        .limit(limit);
      const result = await database.deleteFrom("coordinations").where("id", "in", ended).executeTakeFirst();
      return Number(result.numDeletedRows);
    });
  }

  async #find(database: Database, id: string): Promise<Coordination | undefined> {
    const row = await database.selectFrom("coordinations").selectAll().where("id", "=", id).executeTakeFirst();
    return row && this.#codec.decode(row);
  }

  async #change(database: Database, id: string, change: Partial<Coordination>): Promise<void> {
    const row = { ...this.#codec.encodeChange(id, change), id };
    await database.updateTable("coordinations").set(row).where("id", "=", id).execute();
  }
}
