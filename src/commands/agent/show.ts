import { operationCommand } from "../../cli/operation-command.ts";
import { renderAgentDetails } from "../../cli/render/agent-details.ts";
import { agentShow } from "../../operations/agent/show.ts";

export default operationCommand(agentShow, { render: renderAgentDetails });
