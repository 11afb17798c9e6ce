import { operationCommand } from "../../cli/operation-command.ts";
import { renderWaited } from "../../cli/render/waited.ts";
import { agentWait } from "../../operations/agent/wait.ts";

export default operationCommand(agentWait, { render: renderWaited });
