import { operationCommand } from "../../cli/operation-command.ts";
import { renderTask } from "../../cli/render/tasks.ts";
import { taskReport } from "../../operations/task/report.ts";

export default operationCommand(taskReport, { render: renderTask });
