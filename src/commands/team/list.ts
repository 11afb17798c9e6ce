import { operationCommand } from "../../cli/operation-command.ts";
import { renderCoordinations } from "../../cli/render/team.ts";
import { teamList } from "../../operations/team/list.ts";

export default operationCommand(teamList, { render: renderCoordinations });
