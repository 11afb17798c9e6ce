import type { Coordination } from "../../core/team/coordination.ts";
import { isForPeople } from "../agent/delivery/seen.ts";
import type { Context } from "../context.ts";

/** How it ended was shown to whoever may act on it: it leaves the inbox. One that goes on stays. */
export async function markTeamSeen(
  { store, clock, caller }: Context,
  { id, state, seenAt }: Coordination,
): Promise<void> {
  if (state === "running" || seenAt !== null || !isForPeople(caller.principal.kind)) return;
  await store.coordinations.markSeen(id, clock.now());
}
