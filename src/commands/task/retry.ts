import { operationCommand } from "../../cli/operation-command.ts";
import { renderTask } from "../../cli/render/tasks.ts";
import { taskRetry } from "../../operations/task/retry.ts";

export default operationCommand(taskRetry, { render: renderTask });
