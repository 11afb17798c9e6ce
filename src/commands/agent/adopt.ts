import { operationCommand } from "../../cli/operation-command.ts";
import { renderAdoption } from "../../cli/render/adoption.ts";
import { agentAdopt } from "../../operations/agent/adopt.ts";

export default operationCommand(agentAdopt, { render: renderAdoption });
