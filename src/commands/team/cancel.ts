import { operationCommand } from "../../cli/operation-command.ts";
import { renderCoordination } from "../../cli/render/team.ts";
import { teamCancel } from "../../operations/team/cancel.ts";

export default operationCommand(teamCancel, { render: renderCoordination });
