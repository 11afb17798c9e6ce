import { operationCommand } from "../../cli/operation-command.ts";
import { renderWorkflows } from "../../cli/render/workflows.ts";
import { workflowList } from "../../operations/workflow/list.ts";

export default operationCommand(workflowList, { render: renderWorkflows });
