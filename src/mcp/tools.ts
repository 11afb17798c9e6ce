import type { CallToolResult, ProgressNotification, Tool } from "@modelcontextprotocol/sdk/types.js";
import { AppError, toAppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Logger } from "../core/ports/logger.ts";
import type { Principal } from "../core/principal.ts";
import { callOperation } from "../operations/call.ts";
import type { Context, Progress } from "../operations/context.ts";
import type { Operation } from "../operations/operation.ts";
import { toolName } from "./argument-names.ts";
import { createProgressReporter } from "./progress-reporter.ts";
import { toolDefinition } from "./tool-definition.ts";
import { toolInput } from "./tool-input.ts";
import { errorResult, inArgumentNames, inToolNames, successResult } from "./tool-result.ts";
import { visibleOperations } from "./visible-operations.ts";

export interface ToolCall {
  args: Record<string, unknown>;
  signal: AbortSignal;
  /** Set when the client wants to hear of progress. */
  progress?: { token: string | number; send(params: ProgressNotification["params"]): void };
}

export interface ToolsParts {
  operations: readonly Operation[];
  principal: Principal;
  context(signal: AbortSignal, progress: (progress: Progress) => void): Context;
  clock: Clock;
  logger: Logger;
}

/** The catalogue as tools: what this caller sees, and calls to it. */
export class Tools {
  /** Names of the tools that this caller sees. */
  readonly names: ReadonlySet<string>;

  readonly #parts: ToolsParts;
  readonly #visible: readonly Operation[];
  #definitions: Tool[] | undefined;

  constructor(parts: ToolsParts) {
    this.#parts = parts;
    this.#visible = visibleOperations(parts.operations, parts.principal);
    this.names = new Set(this.#visible.map(({ name }) => toolName(name)));
  }

  list(): Tool[] {
    this.#definitions ??= this.#visible.map(toolDefinition);
    return this.#definitions;
  }

  /** The operation behind a name, whoever may see it; undefined when there is none. `agent.send` is understood, too. */
  find(name: string): Operation | undefined {
    const wanted = toolName(name);
    return this.#parts.operations.find((operation) => toolName(operation.name) === wanted);
  }

  /** Never rejects: whatever goes wrong is a result that the model can read. */
  async call(operation: Operation, { args, signal, progress }: ToolCall): Promise<CallToolResult> {
    const { clock, logger, context } = this.#parts;
    const startedAt = clock.monotonic();
    const reporter = progress && createProgressReporter(progress.token, clock, progress.send);
    const log = (outcome: string) =>
      logger.info("mcp.call", {
        tool: toolName(operation.name),
        outcome,
        durationMs: Math.round(clock.monotonic() - startedAt),
      });
    try {
      if (!this.#visible.includes(operation)) throw this.#notOffered(operation);
      const input = toolInput(operation).toFields(args);
      const callContext = context(signal, (news) => reporter?.report(news));
      const output = await callOperation(operation, input, callContext).catch((thrown: unknown) => {
        throw inArgumentNames(toAppError(thrown), operation);
      });
      log("ok");
      return successResult(output);
    } catch (thrown) {
      const error = toAppError(thrown);
      log(error.code);
      if (error.code === "INTERNAL") {
        logger.error("mcp.call.failed", { tool: toolName(operation.name), error: stackOf(error.cause ?? error) });
      }
      return errorResult(inToolNames(error, this.names));
    } finally {
      reporter?.stop();
    }
  }

  #notOffered(operation: Operation): AppError {
    const { kind } = this.#parts.principal;
    return new AppError("PERMISSION_DENIED", `${toolName(operation.name)} is not offered to a ${kind}`, {
      details: { tool: toolName(operation.name), principal: kind },
    });
  }
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
