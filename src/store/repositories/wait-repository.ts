import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { AgentWait, WaitRepository } from "../../core/ports/store.ts";
import type { Scope } from "../scope.ts";

export class SqlWaitRepository implements WaitRepository {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  begin({ id, waiterId, targetId, holder }: AgentWait): Promise<void> {
    return this.#scope.write(async (database) => {
      const { pid, startedAt } = holder;
      await database.insertInto("waits").values({ id, waiterId, targetId, pid, startedAt }).execute();
    });
  }

  targets(waiterId: string, isAlive: (holder: ProcessIdentity) => boolean): Promise<string[]> {
    return this.#scope.read(async (database) => {
      const rows = await database.selectFrom("waits").selectAll().where("waiterId", "=", waiterId).execute();
      return [...new Set(rows.filter(isAlive).map(({ targetId }) => targetId))];
    });
  }

  end(id: string): Promise<void> {
    return this.#scope.write(async (database) => {
      await database.deleteFrom("waits").where("id", "=", id).execute();
    });
  }
}
