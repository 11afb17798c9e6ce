import { operationCommand } from "../../cli/operation-command.ts";
import { renderPolicy } from "../../cli/render/policy.ts";
import { policyList } from "../../operations/policy/list.ts";

export default operationCommand(policyList, { render: renderPolicy });
