import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { RESTORE_ERRORS, restoreAgent, restoredView } from "../agent/lifecycle/restore-agent.ts";
import { inParallel } from "../in-parallel.ts";
import { defineOperation } from "../operation.ts";
import { resolveSession, visibleSessions } from "../resolve.ts";

/** Each Claude Code that starts keeps a processor busy for a second. */
const AT_ONCE = 4;

export const sessionRestore = defineOperation({
  name: "session.restore",
  title: "Restore a session",
  summary: "Bring agents back after their terminals or the machine went away",
  description:
    "After a reboot, or when the terminals were lost: agents that still live are found again and left alone; the others are opened again, each with its stored conversation, and what was queued for them is delivered. Agents that exited by themselves, or whose conversation was ended, stay as they are; so do adopted ones. What could not be restored is listed with the reason and does not stop the others. Restored agents get the caller's environment. Safe to repeat.",
  effect: "write",
  risk: "high",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    session: z
      .string()
      .min(1)
      .optional()
      .describe("Session id or name; by default the one that holds the current directory"),
    all: z.boolean().default(false).describe("All sessions"),
  }),
  output: z.object({ agents: z.array(restoredView) }),
  errors: ["SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "INVALID_INPUT", ...RESTORE_ERRORS],
  cli: {
    args: ["session"],
    examples: ["session restore", "session restore shop", "session restore --all --json"],
    exitCode: ({ agents }) => ((agents as { outcome: string }[]).some(({ outcome }) => outcome === "failed") ? 7 : 0),
  },
  async run(input, context) {
    if (input.all && input.session !== undefined) {
      throw new AppError("INVALID_INPUT", "Give a session or all, not both");
    }
    const sessions = input.all ? await visibleSessions(context) : [await resolveSession(context, input.session)];
    const perSession = await Promise.all(
      sessions.map(async (session) =>
        (await context.store.agents.list(session.id)).map((agent) => ({ session, agent })),
      ),
    );
    const wanted = perSession.flat();
    let done = 0;
    const agents = await inParallel(wanted, AT_ONCE, async ({ session, agent }) => {
      const restored = await restoreAgent(context, session, agent);
      done += 1;
      context.progress({ message: `${agent.name}: ${restored.outcome}`, done, total: wanted.length });
      return restored;
    });
    return { agents };
  },
});
