import { operationCommand } from "../../cli/operation-command.ts";
import { inboxDone } from "../../operations/inbox/done.ts";

export default operationCommand(inboxDone);
