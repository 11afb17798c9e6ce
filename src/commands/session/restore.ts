import { operationCommand } from "../../cli/operation-command.ts";
import { renderRestored } from "../../cli/render/restored.ts";
import { sessionRestore } from "../../operations/session/restore.ts";

export default operationCommand(sessionRestore, { render: renderRestored });
