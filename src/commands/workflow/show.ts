import { operationCommand } from "../../cli/operation-command.ts";
import { renderWorkflow } from "../../cli/render/workflow.ts";
import { workflowShow } from "../../operations/workflow/show.ts";

export default operationCommand(workflowShow, { render: renderWorkflow });
