import * as z from "zod";
import { coordinationView } from "../../core/team/view.ts";
import { duration, milliseconds } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { exitCodeOf } from "./exit-code.ts";
import { resolveCoordination } from "./resolve-coordination.ts";
import { markTeamSeen } from "./seen.ts";
import { toCoordinationView } from "./views.ts";
import { awaitCoordination, workOn } from "./work-on.ts";

export const teamShow = defineOperation({
  name: "team.show",
  title: "Show a coordination",
  summary: "Show a coordination: who said what, the synthesis, the decision",
  description:
    "Shows how far a coordination has come, or how it ended: each participant's answer and vote, who did not answer and why, the coordinator's synthesis, and of a consensus the decision with its dissents. Carries it on where nobody else does: as far as that goes now, or with `wait` to its end.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    id: z.string().min(1).describe("Coordination id; team list shows them"),
    wait: z.boolean().default(false).describe("Return when it is over"),
    timeout: duration("With wait: how long to wait; default: the setting waitTimeout"),
  }),
  output: z.object({ coordination: coordinationView }),
  errors: ["COORDINATION_NOT_FOUND", "WAIT_TIMEOUT", "PERMISSION_DENIED"],
  cli: {
    args: ["id"],
    examples: ["team show crd_01kb2yq0v7e2d8m4x9c5t6w3ra", "team show crd_01kb2yq0v7e2d8m4x9c5t6w3ra --wait --json"],
    exitCode: (output, input) => (input.wait === true ? exitCodeOf(output) : 0),
  },
  async run(input, context) {
    const { id } = await resolveCoordination(context, input.id);
    if (input.wait) {
      await awaitCoordination(context, id, milliseconds(input.timeout, context.settings.waitTimeout));
    } else if (context.caller.principal.kind !== "observer") {
      await workOn(context, id, 0);
    }
    const coordination = await resolveCoordination(context, id);
    await markTeamSeen(context, coordination);
    return { coordination: await toCoordinationView(context, coordination) };
  },
});
