import { operationCommand } from "../../cli/operation-command.ts";
import { renderAgent } from "../../cli/render/agents.ts";
import { agentInterrupt } from "../../operations/agent/interrupt.ts";

export default operationCommand(agentInterrupt, { render: renderAgent });
