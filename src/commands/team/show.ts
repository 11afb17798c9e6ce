import { operationCommand } from "../../cli/operation-command.ts";
import { renderCoordination } from "../../cli/render/team.ts";
import { teamShow } from "../../operations/team/show.ts";

export default operationCommand(teamShow, { render: renderCoordination });
