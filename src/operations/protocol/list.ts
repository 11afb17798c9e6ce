import * as z from "zod";
import { PROTOCOL_ORIGINS, protocolView } from "../../core/protocol.ts";
import { sessionRef } from "../fields.ts";
import { defineOperation } from "../operation.ts";
import { protocolsHere } from "./resolve-protocol.ts";

export const protocolList = defineOperation({
  name: "protocol.list",
  title: "List protocols",
  summary: "List the working protocols that agents can have",
  description:
    "Lists the working protocols of a session's codebase, the user's and the built-in ones. Of several with one name the first counts: .claude-orch/protocols of the project, protocols in our home folder, built-in. `problems` lists files that cannot be used.",
  effect: "read",
  risk: "low",
  isIdempotent: true,
  exposure: { mcp: true, worker: false },
  input: z.object({ session: sessionRef }),
  output: z.object({
    protocols: z.array(protocolView),
    problems: z.array(
      z.object({ origin: z.enum(PROTOCOL_ORIGINS), file: z.string(), line: z.number().int(), message: z.string() }),
    ),
  }),
  errors: ["SESSION_NOT_FOUND", "SESSION_AMBIGUOUS", "PERMISSION_DENIED"],
  cli: { examples: ["protocol list", "protocol list --session shop --json"] },
  async run(input, context) {
    const { protocols, problems } = await protocolsHere(context, input.session);
    return {
      protocols: protocols
        .map(({ text: _text, message: _message, ...view }) => view)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      problems: problems.map(({ origin, file, line, message }) => ({ origin, file, line, message })),
    };
  },
});
