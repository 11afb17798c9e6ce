import { operationCommand } from "../../cli/operation-command.ts";
import { renderAgent } from "../../cli/render/agents.ts";
import { agentClear } from "../../operations/agent/clear.ts";

export default operationCommand(agentClear, { render: renderAgent });
