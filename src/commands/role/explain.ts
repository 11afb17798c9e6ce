import { operationCommand } from "../../cli/operation-command.ts";
import { renderExplained } from "../../cli/render/role.ts";
import { roleExplain } from "../../operations/role/explain.ts";

export default operationCommand(roleExplain, { render: renderExplained });
