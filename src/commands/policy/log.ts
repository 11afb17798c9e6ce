import { operationCommand } from "../../cli/operation-command.ts";
import { renderDecisions } from "../../cli/render/policy.ts";
import { policyLog } from "../../operations/policy/log.ts";

export default operationCommand(policyLog, { render: renderDecisions });
