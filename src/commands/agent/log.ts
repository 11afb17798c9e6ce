import * as Flags from "@oclif/core/flags";
import { followAgentLog } from "../../cli/follow-agent-log.ts";
import { operationCommand } from "../../cli/operation-command.ts";
import { renderAgentLog } from "../../cli/render/agent-log.ts";
import { agentLog } from "../../operations/agent/log.ts";

export default operationCommand(agentLog, {
  render: renderAgentLog,
  stream: {
    flags: {
      follow: Flags.boolean({ description: "Print each new event until interrupted; with --json one object a line" }),
    },
    isWanted: ({ follow }) => follow === true,
    run: followAgentLog,
  },
});
