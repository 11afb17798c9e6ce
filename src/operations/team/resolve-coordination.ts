import { AppError } from "../../core/errors.ts";
import type { Coordination } from "../../core/team/coordination.ts";
import type { Context } from "../context.ts";
import { assertSameSession } from "../policy/authorise.ts";

/** @throws COORDINATION_NOT_FOUND, PERMISSION_DENIED */
export async function resolveCoordination(context: Context, id: string): Promise<Coordination> {
  const found = await context.store.coordinations.get(id);
  if (!found) {
    throw new AppError("COORDINATION_NOT_FOUND", `There is no coordination ${JSON.stringify(id)}`, { details: { id } });
  }
  assertSameSession(context.caller.principal, found.sessionId);
  return found;
}
