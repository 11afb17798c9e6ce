import { operationCommand } from "../../cli/operation-command.ts";
import { renderTasks } from "../../cli/render/tasks.ts";
import { taskList } from "../../operations/task/list.ts";

export default operationCommand(taskList, { render: renderTasks });
