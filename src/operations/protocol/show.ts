import * as z from "zod";
import { protocolView } from "../../core/protocol.ts";
import { findProtocol } from "../../core/protocol-catalogue.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { protocolsHere } from "./resolve-protocol.ts";

export const protocolShow = defineOperation({
  name: "protocol.show",
  title: "Show a protocol",
  summary: "Show a working protocol: what its agents are told, what stands before prompts",
  description:
    "Shows a working protocol as its file says it. Its agents have the whole text in their system prompt; its section Message stands before their prompts, as `prepend` says.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ protocol: z.string().min(1).describe("Name or alias of the protocol"), session: sessionRef }),
  output: z.object({
    protocol: protocolView.extend({
      text: z.string().describe("What its agents are told"),
      message: z.string().describe("What stands before prompts; empty: nothing"),
    }),
  }),
  errors: [
    "PROTOCOL_NOT_FOUND",
    "PROTOCOL_FILE_INVALID",
    "SESSION_NOT_FOUND",
    "SESSION_AMBIGUOUS",
    "PERMISSION_DENIED",
  ],
  cli: { args: ["protocol"], examples: ["protocol show adder", "protocol show 'ADDER+' --json"] },
  async run(input, context) {
    return { protocol: findProtocol(await protocolsHere(context, input.session), input.protocol) };
  },
});
