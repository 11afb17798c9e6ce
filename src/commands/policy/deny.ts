import { operationCommand } from "../../cli/operation-command.ts";
import { renderPolicy } from "../../cli/render/policy.ts";
import { policyDeny } from "../../operations/policy/deny.ts";

export default operationCommand(policyDeny, { render: renderPolicy });
