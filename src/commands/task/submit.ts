import { operationCommand } from "../../cli/operation-command.ts";
import { renderSubmittedTask } from "../../cli/render/tasks.ts";
import { taskSubmit } from "../../operations/task/submit.ts";

export default operationCommand(taskSubmit, { render: renderSubmittedTask });
