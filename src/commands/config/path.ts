import { operationCommand } from "../../cli/operation-command.ts";
import { configPath } from "../../operations/config/path.ts";

export default operationCommand(configPath);
