import { operationCommand } from "../../cli/operation-command.ts";
import { renderAgent } from "../../cli/render/agents.ts";
import { agentStart } from "../../operations/agent/start.ts";

export default operationCommand(agentStart, { render: renderAgent });
