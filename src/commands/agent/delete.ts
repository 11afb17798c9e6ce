import { operationCommand } from "../../cli/operation-command.ts";
import { renderDeleted } from "../../cli/render/deleted.ts";
import { agentDelete } from "../../operations/agent/delete.ts";

export default operationCommand(agentDelete, { render: renderDeleted });
