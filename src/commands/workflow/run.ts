import { operationCommand } from "../../cli/operation-command.ts";
import { renderStartedRun } from "../../cli/render/workflow-run.ts";
import { workflowRun } from "../../operations/workflow/run.ts";

export default operationCommand(workflowRun, { render: renderStartedRun });
