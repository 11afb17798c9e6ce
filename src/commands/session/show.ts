import { operationCommand } from "../../cli/operation-command.ts";
import { renderSession } from "../../cli/render/status.ts";
import { sessionShow } from "../../operations/session/show.ts";

export default operationCommand(sessionShow, { render: renderSession });
