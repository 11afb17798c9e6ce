import { operationCommand } from "../cli/operation-command.ts";
import { renderMessages } from "../cli/render/messages.ts";
import { broadcast } from "../operations/broadcast.ts";

export default operationCommand(broadcast, { render: renderMessages });
