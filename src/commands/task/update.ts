import { operationCommand } from "../../cli/operation-command.ts";
import { renderTask } from "../../cli/render/tasks.ts";
import { taskUpdate } from "../../operations/task/update.ts";

export default operationCommand(taskUpdate, { render: renderTask });
