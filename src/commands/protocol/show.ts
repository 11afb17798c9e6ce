import { operationCommand } from "../../cli/operation-command.ts";
import { renderProtocol } from "../../cli/render/protocol.ts";
import { protocolShow } from "../../operations/protocol/show.ts";

export default operationCommand(protocolShow, { render: renderProtocol });
