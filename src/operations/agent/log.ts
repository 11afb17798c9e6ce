import * as z from "zod";
import { agentEventView } from "../../core/agent-event.ts";
import { agentRef, duration, milliseconds } from "../fields.ts";
import { newestPage } from "../newest-page.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { isoTime } from "../views.ts";
import { settleAnswers } from "./delivery/answer.ts";
import { gatherEvents } from "./log/gather-events.ts";

export const agentLog = defineOperation({
  name: "agent.log",
  title: "Read an agent's log",
  summary: "Show what happened with an agent: launches, messages, tools, errors, tasks",
  description:
    "Shows what happened with an agent, oldest first: its launches and ends, how its messages were delivered and answered and what that cost, what it asked and who answered, the tools it used, errors and recoveries, and its tasks with their reports and checks. `kind` tells them apart. Texts of messages are not in it: see agent read. Launches before the last one, restorations and changes of role are known only where they were logged (setting logLevel: info or debug). Programs get the newest part of a long log; then `more` is true.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: true },
  input: z.object({
    agent: agentRef,
    since: duration("Only the last while, such as 90s or 1h"),
  }),
  output: z.object({
    events: z.array(agentEventView),
    more: z.boolean().describe("There is more before the first event: only the newest part is here"),
  }),
  errors: ["AGENT_NOT_FOUND", "AGENT_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { args: ["agent"], examples: ["agent log api", "agent log api --since 1h", "agent log api --follow --json"] },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    await settleAnswers(context, agent);
    const since = input.since === undefined ? 0 : context.clock.now() - milliseconds(input.since, input.since);
    const events = (await gatherEvents(context, agent, since)).map((event) => ({ ...event, at: isoTime(event.at) }));
    const page = context.caller.principal.kind === "operator" ? events : newestPage(events);
    return { events: page, more: page.length < events.length };
  },
});
