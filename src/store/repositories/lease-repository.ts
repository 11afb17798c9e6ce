import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { LeaseRepository } from "../../core/ports/store.ts";
import type { Scope } from "../scope.ts";
import { isForeignKeyViolation } from "../store-errors.ts";

export class SqlLeaseRepository implements LeaseRepository {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Look and take happen under one write lock: of many who find a dead holder, one gets the lease. */
  acquire(
    agentId: string,
    holder: ProcessIdentity & { token: string },
    isAlive: (holder: ProcessIdentity) => boolean,
  ): Promise<boolean> {
    return this.#scope.write(async (database) => {
      const current = await database.selectFrom("leases").selectAll().where("agentId", "=", agentId).executeTakeFirst();
      if (current !== undefined && current.token !== holder.token && isAlive(current)) return false;
      const { token, pid, startedAt } = holder;
      try {
        await database
          .insertInto("leases")
          .values({ agentId, token, pid, startedAt })
          .onConflict((conflict) => conflict.column("agentId").doUpdateSet({ token, pid, startedAt }))
          .execute();
      } catch (error) {
        if (!isForeignKeyViolation(error)) throw error;
        throw new AppError("AGENT_NOT_FOUND", `There is no agent ${agentId}`, { details: { agentId }, cause: error });
      }
      return true;
    });
  }

  release(agentId: string, token: string): Promise<void> {
    return this.#scope.write(async (database) => {
      await database.deleteFrom("leases").where("agentId", "=", agentId).where("token", "=", token).execute();
    });
  }
}
