import { operationCommand } from "../../cli/operation-command.ts";
import { renderPolicy } from "../../cli/render/policy.ts";
import { policyAllow } from "../../operations/policy/allow.ts";

export default operationCommand(policyAllow, { render: renderPolicy });
