import * as z from "zod";
import { settleAbandoned } from "../agent/respond/settle-abandoned.ts";
import { agentItems } from "../attention/agent-items.ts";
import { byUrgency, inboxItem } from "../attention/inbox-item.ts";
import { messageItem } from "../attention/message-items.ts";
import { observeAll, reportsOf, sessionsSeen } from "../attention/observe-all.ts";
import { finishedTasks, taskItems, tasksInNeed } from "../attention/task-items.ts";
import { finishedTeams, teamItems } from "../attention/team-items.ts";
import { unseenMessages } from "../attention/unseen-messages.ts";
import { defineOperation } from "../operation.ts";

export const inbox = defineOperation({
  name: "inbox",
  title: "Inbox",
  summary: "Show all that waits for a person over all sessions, the most urgent first",
  description:
    "Lists all agents and tasks that wait for a person's input or attention: permissions, questions, plans and dialogs with everything that is asked, errors, limits with the time they end, lost agents, tasks that ask something or failed, messages that were not delivered, and finished work that nobody has read. Each item says how to deal with it. An item goes away by itself once it is answered, over, or read; inbox done takes finished, failed and undelivered ones out.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    session: z.string().min(1).optional().describe("Only this session; default: all"),
  }),
  output: z.object({ items: z.array(inboxItem) }),
  errors: ["SESSION_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { examples: ["inbox", "inbox --session shop --json", "inbox --watch --notify ./page-me"] },
  async run(input, context) {
    const observed = await observeAll(context, input.session);
    await settleAbandoned(context);
    const unseen = await unseenMessages(context, observed);
    const asked = await Promise.all([...observed.values()].map((each) => agentItems(context, each)));
    const ended = unseen.flatMap((message) => {
      const of = observed.get(message.agentId);
      return of ? [messageItem(of, message)] : [];
    });
    const seen = { sessionIds: await sessionsSeen(context, input.session), agents: reportsOf(observed) };
    const tasks = [...(await tasksInNeed(context, seen)), ...(await finishedTasks(context, seen))];
    const ofTasks = await taskItems(context, tasks);
    const ofTeams = await teamItems(context, await finishedTeams(context, seen.sessionIds));
    return { items: [...asked.flat(), ...ended, ...ofTasks, ...ofTeams].sort(byUrgency) };
  },
});
