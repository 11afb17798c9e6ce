import * as z from "zod";
import { type Agent, agentView } from "../../core/agent.ts";
import { parseDuration } from "../../core/duration.ts";
import { toAppError } from "../../core/errors.ts";
import { REQUEST_OUTCOMES, requestView } from "../../core/request.ts";
import type { Context } from "../context.ts";
import { agentRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { resolveAgent } from "../resolve.ts";
import { agentViewOf } from "./agent-views.ts";
import { pumpQueue } from "./delivery/drive.ts";
import { waitUntilReady } from "./lifecycle/open.ts";
import { observeAgent } from "./observe.ts";
import { decisionOf, describeDecision } from "./respond/decision.ts";
import { answerRequest } from "./respond/hand-over.ts";
import { pickRequest } from "./respond/open-requests.ts";
import { settleAbandoned } from "./respond/settle-abandoned.ts";
import { toRequestView } from "./respond/views.ts";

export const agentRespond = defineOperation({
  name: "agent.respond",
  title: "Answer an agent",
  summary: "Answer what a waiting agent asks, and prove that the answer took effect",
  description:
    "Answers a permission, question, plan or dialog that an agent waits with, and returns once hooks or transcript prove the effect. `allow` or `deny` (with `text` as the reason) for permissions and plans; `choice` and, or, `text` for questions; `choice` for dialogs; `text` alone refuses a plan with that feedback. Give `request` to be sure that nothing but the request you have seen is answered: if somebody was faster, or something else is asked by now, nothing is done and the call says so. Never allow what the person you work for would not allow.",
  effect: "write",
  risk: "high",
  isIdempotent: false,
  exposure: { mcp: true, worker: false },
  input: z.object({
    agent: agentRef,
    allow: z.boolean().default(false).describe("Allow it, or approve the plan"),
    deny: z.boolean().default(false).describe("Refuse it; with text, that is the reason the agent is told"),
    choice: z
      .array(z.union([z.string().min(1), z.number().int()]))
      .default([])
      .describe("Option to choose: its number N, or Q:N for option N of question Q; may be given several times"),
    text: z.string().optional().describe("Answer in your own words, or the reason of a refusal"),
    request: z
      .string()
      .min(1)
      .optional()
      .describe("The request's id, or the beginning of it; needed when the agent asks several things"),
    remember: z
      .boolean()
      .default(false)
      .describe("With allow: from now on also allow what the request names as `remembers`"),
  }),
  output: z.object({
    agent: agentView,
    request: requestView.extend({
      outcome: z.enum(REQUEST_OUTCOMES).describe("What became of it, by hooks and transcript"),
      decision: z.string().describe("What was decided, in one line"),
      decidedBy: z.string().describe("operator, manager, or an agent's id"),
    }),
  }),
  errors: [
    "AGENT_NOT_FOUND",
    "AGENT_AMBIGUOUS",
    "NOTHING_ASKED",
    "REQUEST_NOT_FOUND",
    "REQUEST_AMBIGUOUS",
    "REQUEST_CLOSED",
    "REQUEST_NOT_SHOWN",
    "REQUEST_ALREADY_ANSWERED",
    "REQUEST_ANSWER_INVALID",
    "ANSWER_UNPROVED",
    "AGENT_BUSY",
    "TERMINAL_GONE",
    "PERMISSION_DENIED",
  ],
  cli: {
    args: ["agent"],
    stdin: "text",
    examples: [
      "agent respond api --allow",
      "agent respond api --deny --text 'Not in this folder' --request req_3k2j9x0a",
      "agent respond api --choice 2",
      "agent respond api --choice 1:2 --choice 2:1,3",
      "agent respond api --text 'Split the plan into two steps'",
    ],
  },
  async run(input, context) {
    const agent = await resolveAgent(context, input.agent);
    await settleAbandoned(context, agent.id);
    const request = await pickRequest(context, agent, input.request);
    const decision = decisionOf(input, request);
    const answer = await answerRequest(context, agent, request, decision);
    if (request.kind === "dialog") await moveQueueOn(context, agent);
    return {
      agent: await agentViewOf(context, (await context.store.agents.get(agent.id)) ?? agent),
      request: {
        ...toRequestView({ ...request, via: answer.via ?? request.via }),
        outcome: answer.outcome ?? "gone",
        decision: describeDecision(decision, request),
        decidedBy: answer.decidedBy,
      },
    };
  },
});

/** Behind a dialog, as one at the start, prompts may be queued: they are delivered as soon as the agent can take them. */
async function moveQueueOn(context: Context, agent: Agent): Promise<void> {
  if (!(await context.store.messages.head(agent.id))) return;
  try {
    // Not at its start: the dialog of a usage limit stood there, which may be over by now.
    if ((await observeAgent(context, agent)).state === "errored") {
      await pumpQueue(context, agent);
      return;
    }
    const report = await waitUntilReady(context, agent, parseDuration(context.settings.spawnTimeout) ?? 60_000);
    if (report.state !== "waiting") await pumpQueue(context, agent);
  } catch (thrown) {
    // The answer is given and proved; what is queued is the next command's.
    context.logger.warn("request.queue-not-moved", { agentId: agent.id, error: toAppError(thrown).message });
  }
}
