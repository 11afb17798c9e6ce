import { operationCommand } from "../../cli/operation-command.ts";
import { renderProtocols } from "../../cli/render/protocol.ts";
import { protocolList } from "../../operations/protocol/list.ts";

export default operationCommand(protocolList, { render: renderProtocols });
