import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { type Coordination, stepKey } from "../../core/team/coordination.ts";
import { nextStep } from "../../core/team/next-step.ts";
import { coordinationView } from "../../core/team/view.ts";
import { withdrawIfQueued } from "../agent/delivery/submit.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { resolveCoordination } from "./resolve-coordination.ts";
import { toCoordinationView } from "./views.ts";

export const teamCancel = defineOperation({
  name: "team.cancel",
  title: "Cancel a coordination",
  summary: "End a coordination; what its agents are doing goes on",
  description:
    "Ends a coordination: nobody is asked any more, and prompts that were not typed yet are taken back. Turns that run already go on; agent interrupt stops one. What was answered so far stays and is returned.",
  effect: "write",
  risk: "medium",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ id: z.string().min(1).describe("Coordination id; team list shows them") }),
  output: z.object({ coordination: coordinationView }),
  errors: ["COORDINATION_NOT_FOUND", "COORDINATION_OVER", "PERMISSION_DENIED"],
  cli: { args: ["id"], examples: ["team cancel crd_01kb2yq0v7e2d8m4x9c5t6w3ra"] },
  async run(input, context) {
    const { store, clock, logger, caller } = context;
    const { id } = await resolveCoordination(context, input.id);
    const isEnded = await store.coordinations.cancel(id, clock.now());
    const coordination = await resolveCoordination(context, id);
    if (coordination.state !== "cancelled") {
      throw new AppError("COORDINATION_OVER", `Coordination ${id} has ended already: it is ${coordination.state}`, {
        details: { id, state: coordination.state },
      });
    }
    await withdrawSteps(context, coordination);
    if (isEnded) logger.info("team.cancelled", { id, by: caller.principal.kind });
    return { coordination: await toCoordinationView(context, coordination) };
  },
});

/** Takes back the prompts of its present step that were not typed yet. */
export async function withdrawSteps(context: Context, coordination: Coordination): Promise<void> {
  const step = nextStep(coordination);
  if (step.kind === "over") return;
  for (const { agentId } of step.asks) {
    const key = stepKey(coordination.id, step.label, agentId);
    const message = await context.store.messages.findByIdempotencyKey(agentId, key);
    if (message) await withdrawIfQueued(context, message.id, "the coordination was cancelled");
  }
}
