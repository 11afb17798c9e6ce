import * as Flags from "@oclif/core/flags";
import { followAgent } from "../../cli/follow-agent.ts";
import { operationCommand } from "../../cli/operation-command.ts";
import { renderEntries } from "../../cli/render/messages.ts";
import { agentRead } from "../../operations/agent/read.ts";

export default operationCommand(agentRead, {
  render: renderEntries,
  stream: {
    flags: {
      follow: Flags.boolean({ description: "Print each new entry until interrupted; with --json one object a line" }),
    },
    isWanted: ({ follow }) => follow === true,
    run: followAgent,
  },
});
