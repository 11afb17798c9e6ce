import { operationCommand } from "../../cli/operation-command.ts";
import { renderSession } from "../../cli/render/status.ts";
import { sessionCreate } from "../../operations/session/create.ts";

export default operationCommand(sessionCreate, { render: renderSession });
