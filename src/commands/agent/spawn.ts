import { operationCommand } from "../../cli/operation-command.ts";
import { renderSpawned } from "../../cli/render/spawned.ts";
import { agentSpawn } from "../../operations/agent/spawn.ts";

export default operationCommand(agentSpawn, { render: renderSpawned });
