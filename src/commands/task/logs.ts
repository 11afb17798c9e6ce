import * as Flags from "@oclif/core/flags";
import { followTask } from "../../cli/follow-task.ts";
import { operationCommand } from "../../cli/operation-command.ts";
import { renderTaskLog } from "../../cli/render/task-log.ts";
import { taskLogs } from "../../operations/task/logs.ts";

export default operationCommand(taskLogs, {
  render: renderTaskLog,
  stream: {
    flags: {
      follow: Flags.boolean({ description: "Print each new entry until it has ended; with --json one object a line" }),
    },
    isWanted: ({ follow }) => follow === true,
    run: followTask,
  },
});
