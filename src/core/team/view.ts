import * as z from "zod";
import { answerView } from "../message.ts";
import { OUTCOMES } from "./consensus.ts";
import { COORDINATION_MODES, COORDINATION_STATES } from "./coordination.ts";

const memberView = { agentId: z.string(), name: z.string() };

const voteView = z.object({
  choice: z.string().nullable().describe("Name of the agent whose proposal it is for; null: it abstained"),
  agentId: z.string().nullable().describe("Id of that agent"),
  reason: z.string(),
  round: z.number().int(),
});

const askedView = {
  ...memberView,
  messageId: z.string().nullable().describe("Message that asked it; null where none could be sent"),
  answer: answerView.nullable().describe("Its answer to the task; in a consensus its newest proposal"),
  reason: z.string().optional().describe("Why there is no answer, or no vote that counts"),
};

export const coordinationView = z.object({
  id: z.string().describe("Coordination id, `crd_…`"),
  session: z.object({ id: z.string(), name: z.string() }),
  mode: z.enum(COORDINATION_MODES),
  state: z.enum(COORDINATION_STATES).describe("done: it came to its end; failed: nobody answered"),
  text: z.string().describe("The task"),
  participants: z.array(
    z.object({ ...askedView, vote: voteView.nullable().describe("Its vote in the last round it voted in") }),
  ),
  coordinator: z.object(askedView).nullable(),
  synthesis: z.string().nullable().describe("The coordinator's answer to everything the others said"),
  decision: z
    .object({
      outcome: z.enum(OUTCOMES),
      proposal: z
        .object({ ...memberView, text: z.string() })
        .nullable()
        .describe("What was decided, and whose proposal it was"),
      because: z.string(),
      round: z.number().int(),
      votes: z.number().int().describe("Votes for it"),
      needed: z.number().int().describe("Votes that a proposal needed"),
      dissents: z.array(z.object({ ...memberView, choice: z.string(), reason: z.string() })),
    })
    .nullable()
    .describe("Of a consensus that is over"),
  rounds: z
    .array(
      z.object({
        round: z.number().int(),
        proposals: z.array(z.object({ ...memberView, text: z.string() })),
        votes: z.array(z.object({ ...memberView, choice: z.string().nullable(), reason: z.string() })),
        unread: z.array(z.object({ ...memberView, reason: z.string() })).describe("Who did not vote, and why"),
      }),
    )
    .optional()
    .describe("Of a consensus: who said what in each round"),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type CoordinationView = z.infer<typeof coordinationView>;
