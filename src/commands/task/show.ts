import { operationCommand } from "../../cli/operation-command.ts";
import { renderTaskDetails } from "../../cli/render/tasks.ts";
import { taskShow } from "../../operations/task/show.ts";

export default operationCommand(taskShow, { render: renderTaskDetails });
