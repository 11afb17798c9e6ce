import { operationCommand } from "../../cli/operation-command.ts";
import { renderFocus } from "../../cli/render/focus.ts";
import { agentFocus } from "../../operations/agent/focus.ts";

export default operationCommand(agentFocus, { render: renderFocus });
