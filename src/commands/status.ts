import * as Flags from "@oclif/core/flags";
import { operationCommand } from "../cli/operation-command.ts";
import { renderStatus } from "../cli/render/status.ts";
import { watchStatus } from "../cli/watch-status.ts";
import { status } from "../operations/status.ts";

export default operationCommand(status, {
  render: renderStatus,
  stream: {
    flags: {
      watch: Flags.boolean({ description: "Show every change until interrupted; with --json one object a line" }),
    },
    isWanted: ({ watch }) => watch === true,
    run: watchStatus,
  },
});
