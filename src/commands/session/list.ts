import { operationCommand } from "../../cli/operation-command.ts";
import { renderSessions } from "../../cli/render/status.ts";
import { sessionList } from "../../operations/session/list.ts";

export default operationCommand(sessionList, { render: renderSessions });
