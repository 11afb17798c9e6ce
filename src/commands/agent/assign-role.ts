import { operationCommand } from "../../cli/operation-command.ts";
import { renderAssigned } from "../../cli/render/role.ts";
import { agentAssignRole } from "../../operations/agent/assign-role.ts";

export default operationCommand(agentAssignRole, { render: renderAssigned });
