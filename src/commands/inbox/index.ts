import { WATCH_FLAGS, watches } from "../../cli/live/watch-flags.ts";
import { watchInbox } from "../../cli/live/watch-inbox.ts";
import { operationCommand } from "../../cli/operation-command.ts";
import { renderInbox } from "../../cli/render/inbox.ts";
import { inbox } from "../../operations/inbox/inbox.ts";

export default operationCommand(inbox, {
  render: renderInbox,
  stream: { flags: WATCH_FLAGS, isWanted: watches, run: watchInbox },
});
