import { operationCommand } from "../../cli/operation-command.ts";
import { renderPolicy } from "../../cli/render/policy.ts";
import { policyAsk } from "../../operations/policy/ask.ts";

export default operationCommand(policyAsk, { render: renderPolicy });
