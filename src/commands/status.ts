import { WATCH_FLAGS, watches } from "../cli/live/watch-flags.ts";
import { watchStatus } from "../cli/live/watch-status.ts";
import { operationCommand } from "../cli/operation-command.ts";
import { renderStatus } from "../cli/render/status.ts";
import { status } from "../operations/status.ts";

export default operationCommand(status, {
  render: renderStatus,
  stream: { flags: WATCH_FLAGS, isWanted: watches, run: watchStatus },
});
