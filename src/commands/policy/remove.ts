import { operationCommand } from "../../cli/operation-command.ts";
import { renderPolicy } from "../../cli/render/policy.ts";
import { policyRemove } from "../../operations/policy/remove.ts";

export default operationCommand(policyRemove, { render: renderPolicy });
