import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import type { Operation } from "../operations/operation.ts";
import { toolName } from "./argument-names.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { toolInput } from "./tool-input.ts";

/** How an operation is shown to an MCP client. */
export function toolDefinition(operation: Operation): Tool {
  return {
    name: toolName(operation.name),
    title: operation.title,
    description: `${operation.summary}\n\n${operation.description}`,
    inputSchema: toolInput(operation).schema as Tool["inputSchema"],
    outputSchema: jsonSchemaOf(operation.output, "output") as Tool["outputSchema"],
    annotations: {
      title: operation.title,
      readOnlyHint: operation.effect === "read",
      destructiveHint: operation.effect === "destroy",
      idempotentHint: operation.isIdempotent,
      // What writes may set an agent to work, and an agent reaches whatever its permissions let it reach.
      openWorldHint: operation.effect === "write",
    },
    _meta: { "claude-orch/risk": operation.risk },
  };
}
