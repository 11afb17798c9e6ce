import type { WorktreeRepository } from "../../core/ports/store.ts";
import type { Worktree } from "../../core/worktree.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Database, Scope } from "../scope.ts";
import { WORKTREE_COLUMNS } from "../tables.ts";

export class SqlWorktreeRepository implements WorktreeRepository {
  readonly #scope: Scope;
  readonly #codec: RowCodec<Worktree>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#codec = new RowCodec("worktrees", WORKTREE_COLUMNS, cipher);
  }

  list(sessionId?: string): Promise<Worktree[]> {
    return this.#scope.read(async (database) => {
      const rows = await database
        .selectFrom("worktrees")
        .selectAll()
        .$if(sessionId !== undefined, (query) => query.where("sessionId", "=", sessionId ?? null))
        .orderBy("createdAt")
        .orderBy("id")
        .execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  get(id: string): Promise<Worktree | undefined> {
    return this.#scope.read((database) => this.#find(database, "id", id));
  }

  ofAgent(agentId: string): Promise<Worktree | undefined> {
    return this.#scope.read((database) => this.#find(database, "agentId", agentId));
  }

  insert(worktree: Worktree): Promise<void> {
    return this.#scope.write(async (database) => {
      await database.insertInto("worktrees").values(this.#codec.encode(worktree)).execute();
    });
  }

  update(id: string, change: Partial<Omit<Worktree, "id">>): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = { ...this.#codec.encodeChange(id, change), id };
      await database.updateTable("worktrees").set(row).where("id", "=", id).execute();
    });
  }

  remove(id: string): Promise<void> {
    return this.#scope.write(async (database) => {
      await database.deleteFrom("worktrees").where("id", "=", id).execute();
    });
  }

  async #find(database: Database, column: "id" | "agentId", value: string): Promise<Worktree | undefined> {
    const row = await database.selectFrom("worktrees").selectAll().where(column, "=", value).executeTakeFirst();
    return row && this.#codec.decode(row);
  }
}
