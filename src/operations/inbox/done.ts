import * as z from "zod";
import { AppError } from "../../core/errors.ts";
import { observeAll } from "../attention/observe-all.ts";
import { takeOut, unseenMessages } from "../attention/unseen-messages.ts";
import { defineOperation } from "../operation.ts";

export const inboxDone = defineOperation({
  name: "inbox.done",
  title: "Take finished work out of the inbox",
  summary: "Take finished and undelivered messages out of the inbox",
  description:
    "Marks finished or undelivered messages as seen, so that the inbox no longer shows them. What waits for an answer cannot be taken out: it goes away by itself once it is answered or over.",
  effect: "write",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({
    messages: z.array(z.string().min(1)).default([]).describe("Ids of the messages, as the inbox shows them"),
    all: z.boolean().default(false).describe("All finished and undelivered messages"),
    session: z.string().min(1).optional().describe("With all: only this session's"),
  }),
  output: z.object({ done: z.array(z.string()).describe("Ids of the messages that are no longer in the inbox") }),
  errors: ["INVALID_INPUT", "SESSION_NOT_FOUND", "MESSAGE_NOT_FOUND", "PERMISSION_DENIED"],
  cli: { args: ["messages"], examples: ["inbox done --all", "inbox done msg_01m3kdzyp2"] },
  async run(input, context) {
    if (input.all === input.messages.length > 0) {
      throw new AppError("INVALID_INPUT", "Say which messages, or all of them", {
        hint: "Give their ids, or --all.",
      });
    }
    const unseen = await unseenMessages(context, await observeAll(context, input.session));
    const taken = await takeOut(context, unseen, input.all ? "all" : input.messages);
    for (const id of input.messages) {
      // Done twice is done.
      if (taken.includes(id) || (await context.store.messages.get(id))?.seenAt != null) continue;
      throw new AppError(
        "MESSAGE_NOT_FOUND",
        `The inbox has no finished or undelivered message ${JSON.stringify(id)}`,
        {
          hint: "Requests, errors and limits go away by themselves once they are answered or over.",
          details: { id },
        },
      );
    }
    return { done: input.all ? taken : input.messages };
  },
});
