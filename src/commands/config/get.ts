import { operationCommand } from "../../cli/operation-command.ts";
import { renderSetting } from "../../cli/render/config.ts";
import { configGet } from "../../operations/config/get.ts";

export default operationCommand(configGet, { render: renderSetting });
