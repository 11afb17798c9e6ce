import { operationCommand } from "../../cli/operation-command.ts";
import { renderSettings } from "../../cli/render/config.ts";
import { configList } from "../../operations/config/list.ts";

export default operationCommand(configList, { render: renderSettings });
