import { operationCommand } from "../../cli/operation-command.ts";
import { renderAgents } from "../../cli/render/agents.ts";
import { agentList } from "../../operations/agent/list.ts";

export default operationCommand(agentList, { render: renderAgents });
