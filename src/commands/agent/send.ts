import { operationCommand } from "../../cli/operation-command.ts";
import { renderMessage } from "../../cli/render/messages.ts";
import { agentSend } from "../../operations/agent/send.ts";

export default operationCommand(agentSend, { render: renderMessage });
