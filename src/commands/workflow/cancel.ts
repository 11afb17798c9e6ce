import { operationCommand } from "../../cli/operation-command.ts";
import { renderCancelledRun } from "../../cli/render/workflow-run.ts";
import { workflowCancel } from "../../operations/workflow/cancel.ts";

export default operationCommand(workflowCancel, { render: renderCancelledRun });
