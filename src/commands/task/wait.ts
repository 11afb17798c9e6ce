import { operationCommand } from "../../cli/operation-command.ts";
import { renderWaitedTasks } from "../../cli/render/tasks.ts";
import { taskWait } from "../../operations/task/wait.ts";

export default operationCommand(taskWait, { render: renderWaitedTasks });
