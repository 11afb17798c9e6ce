import { operationCommand } from "../../cli/operation-command.ts";
import { renderResponded } from "../../cli/render/respond.ts";
import { agentRespond } from "../../operations/agent/respond.ts";

export default operationCommand(agentRespond, { render: renderResponded });
