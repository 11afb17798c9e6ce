import { operationCommand } from "../../cli/operation-command.ts";
import { renderCoordination } from "../../cli/render/team.ts";
import { teamCoordinate } from "../../operations/team/coordinate.ts";

export default operationCommand(teamCoordinate, { render: renderCoordination });
