import * as z from "zod";
import { COORDINATION_STATES } from "../../core/team/coordination.ts";
import { coordinationView } from "../../core/team/view.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";
import { toCoordinationView } from "./views.ts";

export const teamList = defineOperation({
  name: "team.list",
  title: "List coordinations",
  summary: "List what teams are working on, and what they ended with",
  description:
    "Lists the coordinations of a session, or of all sessions, oldest first, each with its state, who answered, the synthesis and the decision.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    session: sessionRef.describe("Session id or name; default: all sessions"),
    state: z.enum(COORDINATION_STATES).optional().describe("Only those in this state"),
    last: z.number().int().min(1).max(1_000).default(20).describe("Only the newest so many; default 20"),
  }),
  output: z.object({ coordinations: z.array(coordinationView) }),
  errors: ["SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { examples: ["team list", "team list --session shop --state running"] },
  async run(input, context) {
    const sessions =
      input.session === undefined ? await visibleSessions(context) : [await resolveSession(context, input.session)];
    const visible = new Set(sessions.map(({ id }) => id));
    const { state } = input;
    const found = await context.store.coordinations.list(state === undefined ? {} : { state });
    const shown = found.filter(({ sessionId }) => visible.has(sessionId)).slice(-input.last);
    return { coordinations: await Promise.all(shown.map((one) => toCoordinationView(context, one))) };
  },
});
