import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { DutyRepository } from "../../core/ports/store.ts";
import type { Scope } from "../scope.ts";

export class SqlDutyRepository implements DutyRepository {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Look and take happen under one write lock: of many who find a dead holder, one gets the duty. */
  async take(
    name: string,
    holder: ProcessIdentity & { token: string },
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<boolean> {
    // Those who wait for a duty ask again and again: a look needs no write lock.
    const seen = await this.holder(name);
    if (seen && seen.token !== holder.token && isAlive(seen)) return false;
    if (seen?.token === holder.token) return true;
    return this.#scope.write(async (database) => {
      const current = await database.selectFrom("duties").selectAll().where("name", "=", name).executeTakeFirst();
      if (current !== undefined && current.token !== holder.token && isAlive(current)) return false;
      const { token, pid, startedAt } = holder;
      await database
        .insertInto("duties")
        .values({ name, token, pid, startedAt })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ token, pid, startedAt }))
        .execute();
      return true;
    });
  }

  holder(name: string): Promise<(ProcessIdentity & { token: string }) | undefined> {
    return this.#scope.read(async (database) => {
      const query = database.selectFrom("duties").select(["token", "pid", "startedAt"]).where("name", "=", name);
      return query.executeTakeFirst();
    });
  }

  leave(name: string, token: string): Promise<void> {
    return this.#scope.write(async (database) => {
      await database.deleteFrom("duties").where("name", "=", name).where("token", "=", token).execute();
    });
  }
}
