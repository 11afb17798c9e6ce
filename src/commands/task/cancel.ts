import { operationCommand } from "../../cli/operation-command.ts";
import { renderTask } from "../../cli/render/tasks.ts";
import { taskCancel } from "../../operations/task/cancel.ts";

export default operationCommand(taskCancel, { render: renderTask });
