import { operationCommand } from "../../cli/operation-command.ts";
import { renderDeleted } from "../../cli/render/deleted.ts";
import { sessionDelete } from "../../operations/session/delete.ts";

export default operationCommand(sessionDelete, { render: renderDeleted });
