import { operationCommand } from "../../cli/operation-command.ts";
import { renderScreen } from "../../cli/render/screen.ts";
import { agentScreen } from "../../operations/agent/screen.ts";

export default operationCommand(agentScreen, { render: renderScreen });
