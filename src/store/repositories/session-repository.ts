import { AppError } from "../../core/errors.ts";
import type { SessionRepository } from "../../core/ports/store.ts";
import type { Session } from "../../core/session.ts";
import type { FieldCipher } from "../cipher.ts";
import { type Row, RowCodec } from "../row-codec.ts";
import type { Database, Scope } from "../scope.ts";
import { SESSION_COLUMNS } from "../tables.ts";

export class SqlSessionRepository implements SessionRepository {
  readonly #scope: Scope;
  readonly #cipher: FieldCipher;
  readonly #codec: RowCodec<Session>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#cipher = cipher;
    this.#codec = new RowCodec("sessions", SESSION_COLUMNS, cipher);
  }

  list(): Promise<Session[]> {
    return this.#scope.read(async (database) => {
      const rows = await database.selectFrom("sessions").selectAll().orderBy("createdAt").orderBy("id").execute();
      return rows.map((row) => this.#decode(row));
    });
  }

  get(id: string): Promise<Session | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst();
      return row && this.#decode(row);
    });
  }

  findByName(name: string): Promise<Session | undefined> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("sessions").selectAll().where("nameIndex", "=", this.#nameIndex(name));
      const row = await query.executeTakeFirst();
      return row && this.#decode(row);
    });
  }

  insert(session: Session): Promise<void> {
    return this.#scope.write(async (database) => {
      await this.#checkNameFree(database, session.id, session.name);
      const row = { ...this.#codec.encode(session), nameIndex: this.#nameIndex(session.name) };
      await database.insertInto("sessions").values(row).execute();
    });
  }

  update(id: string, change: Partial<Omit<Session, "id">>): Promise<void> {
    return this.#scope.write(async (database) => {
      const { name } = change;
      if (name !== undefined) await this.#checkNameFree(database, id, name);
      const row = {
        ...this.#codec.encodeChange(id, change),
        ...(name === undefined ? {} : { nameIndex: this.#nameIndex(name) }),
      };
      // `id` is set to itself so that an empty change is a valid statement, and tells whether the row exists.
      const result = await database
        .updateTable("sessions")
        .set({ ...row, id })
        .where("id", "=", id)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) throw notFound(id);
    });
  }

  takeAgentNumber(id: string): Promise<number> {
    return this.#scope.write(async (database) => {
      const query = database.selectFrom("sessions").select("nextAgentNumber").where("id", "=", id);
      const row = await query.executeTakeFirst();
      if (row === undefined) throw notFound(id);
      const number = Number(row.nextAgentNumber);
      await database
        .updateTable("sessions")
        .set({ nextAgentNumber: number + 1 })
        .where("id", "=", id)
        .execute();
      return number;
    });
  }

  remove(id: string): Promise<void> {
    return this.#scope.write(async (database) => {
      await database.deleteFrom("sessions").where("id", "=", id).execute();
    });
  }

  /** Sessions of before there were rules have none. */
  #decode(row: Row<Session>): Session {
    const session = this.#codec.decode(row);
    return { ...session, policy: session.policy ?? [] };
  }

  async #checkNameFree(database: Database, id: string, name: string): Promise<void> {
    const query = database.selectFrom("sessions").select("id").where("nameIndex", "=", this.#nameIndex(name));
    const taken = await query.where("id", "!=", id).executeTakeFirst();
    if (taken === undefined) return;
    throw new AppError("SESSION_NAME_TAKEN", `Session ${JSON.stringify(name)} already exists`, {
      details: { name, sessionId: taken.id },
    });
  }

  #nameIndex(name: string): string {
    return this.#cipher.lookup("sessions.name", name);
  }
}

function notFound(id: string): AppError {
  return new AppError("SESSION_NOT_FOUND", `There is no session ${id}`, { details: { sessionId: id } });
}
