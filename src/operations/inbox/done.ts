import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { observeAll, sessionsSeen } from "../attention/observe-all.ts";
import { finishedTeams } from "../attention/team-items.ts";
import { takeOut, unseenMessages } from "../attention/unseen-messages.ts";
import type { Context } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { markTasksSeen } from "../task/seen.ts";
import { markTeamSeen } from "../team/seen.ts";

export const inboxDone = defineOperation({
  name: "inbox.done",
  title: "Take finished work out of the inbox",
  summary: "Take finished, failed and undelivered work out of the inbox",
  description:
    "Marks finished or undelivered messages, and tasks that are done or failed, as seen, so that the inbox no longer shows them. What waits for an answer cannot be taken out: it goes away by itself once it is answered or over.",
  effect: "write",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    messages: z.array(z.string().min(1)).default([]).describe("Ids of the messages or tasks, as the inbox shows them"),
    all: z.boolean().default(false).describe("All finished, failed and undelivered ones"),
    session: z.string().min(1).optional().describe("With all: only this session's"),
  }),
  output: z.object({ done: z.array(z.string()).describe("Ids of what is no longer in the inbox") }),
  errors: ["INVALID_INPUT", "SESSION_NOT_FOUND", "MESSAGE_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["messages"], examples: ["inbox done --all", "inbox done msg_01m3kdzyp2"] },
  async run(input, context) {
    if (input.all === input.messages.length > 0) {
      throw new AppError("INVALID_INPUT", "Say which messages, or all of them", {
        hint: "Give their ids, or --all.",
      });
    }
    const ids = input.all ? "all" : input.messages;
    const unseen = await unseenMessages(context, await observeAll(context, input.session));
    const taken = [
      ...(await takeOut(context, unseen, ids)),
      ...(await takeOutTasks(context, input.session, ids)),
      ...(await takeOutTeams(context, input.session, ids)),
    ];
    for (const id of input.messages) {
      // Done twice is done.
      if (taken.includes(id) || (await wasSeen(context, id))) continue;
      throw new AppError(
        "MESSAGE_NOT_FOUND",
        `The inbox has no finished, failed or undelivered message or task ${JSON.stringify(id)}`,
        {
          hint: "Requests, errors and limits go away by themselves once they are answered or over.",
          details: { id },
        },
      );
    }
    return { done: input.all ? taken : input.messages };
  },
});

/** Takes these tasks, or all, out of the inbox. Returns the ids that were in it. */
async function takeOutTasks(
  context: Context,
  session: string | undefined,
  ids: readonly string[] | "all",
): Promise<string[]> {
  const sessionIds = await sessionsSeen(context, session);
  const unseen = (await context.store.tasks.unseen(["done", "failed"])).filter((task) =>
    sessionIds.has(task.sessionId),
  );
  const chosen = ids === "all" ? unseen : unseen.filter(({ id }) => ids.includes(id));
  await markTasksSeen(context, chosen);
  return chosen.map(({ id }) => id);
}

async function takeOutTeams(
  context: Context,
  session: string | undefined,
  ids: readonly string[] | "all",
): Promise<string[]> {
  const unseen = await finishedTeams(context, await sessionsSeen(context, session));
  const chosen = ids === "all" ? unseen : unseen.filter(({ id }) => ids.includes(id));
  for (const one of chosen) await markTeamSeen(context, one);
  return chosen.map(({ id }) => id);
}

async function wasSeen({ store }: Context, id: string): Promise<boolean> {
  if (id.startsWith("crd_")) return (await store.coordinations.get(id))?.seenAt != null;
  const found = id.startsWith("tsk_") ? await store.tasks.get(id) : await store.messages.get(id);
  return found?.seenAt != null;
}
