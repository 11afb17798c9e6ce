import { operationCommand } from "../../cli/operation-command.ts";
import { renderRole } from "../../cli/render/role.ts";
import { roleShow } from "../../operations/role/show.ts";

export default operationCommand(roleShow, { render: renderRole });
