import { operationCommand } from "../../cli/operation-command.ts";
import { renderRoles } from "../../cli/render/role.ts";
import { roleList } from "../../operations/role/list.ts";

export default operationCommand(roleList, { render: renderRoles });
