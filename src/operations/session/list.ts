import * as z from "zod";
import { sessionView } from "../../core/session.ts";
import { defineOperation } from "../operation.ts";
import { visibleSessions } from "../resolve.ts";
import { toSessionView } from "../views.ts";

export const sessionList = defineOperation({
  name: "session.list",
  title: "List sessions",
  summary: "List all sessions",
  description: "Lists every session with its codebase, backend and number of agents.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({}),
  output: z.object({ sessions: z.array(sessionView) }),
  errors: [],
  cli: { examples: ["session list", "session list --json"] },
  async run(_input, context) {
    const sessions = await visibleSessions(context);
    const counts = await Promise.all(sessions.map(({ id }) => context.store.agents.count(id)));
    return { sessions: sessions.map((session, index) => toSessionView(session, counts[index] ?? 0)) };
  },
});
