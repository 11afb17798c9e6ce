import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type ServerNotification,
  type ServerRequest,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { toAppError, toEnvelope } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Logger } from "../core/ports/logger.ts";
import type { Principal } from "../core/principal.ts";
import type { Context, Progress } from "../operations/context.ts";
import type { Operation } from "../operations/operation.ts";
import { instructionsFor } from "./instructions.ts";
import { getPrompt, listPrompts } from "./prompts.ts";
import { fingerprint, readResource } from "./resource-reader.ts";
import { Resources } from "./resources.ts";
import { RunningCalls } from "./running-calls.ts";
import { Subscriptions } from "./subscriptions.ts";
import { type ToolCall, Tools } from "./tools.ts";
import { visibleOperations } from "./visible-operations.ts";

export interface McpServerOptions {
  operations: readonly Operation[];
  /** The context of one call. Who calls is decided by `principal`, whatever its caller says. */
  makeContext(perCall: { signal: AbortSignal; progress(progress: Progress): void }): Context;
  principal: Principal;
  logger: Logger;
  clock: Clock;
  version: string;
  /** Called when the client asks for the tools. */
  onToolsListed?(): void;
  /** What the server is doing, for whoever has to end it; its own by default. */
  calls?: RunningCalls;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** An MCP server over the catalogue, not yet connected to a transport. Closing it ends what it is doing. */
export function createMcpServer(options: McpServerOptions): Server {
  const { operations, principal, logger, clock, version, calls = new RunningCalls() } = options;
  const context = (signal: AbortSignal, progress: (progress: Progress) => void = () => undefined): Context => {
    const made = options.makeContext({ signal, progress });
    return { ...made, signal, progress, caller: { ...made.caller, principal } };
  };
  const tools = new Tools({ operations, principal, context, clock, logger });
  const resources = new Resources(visibleOperations(operations, principal), principal);

  // Never a completion or a log message: those capabilities are not announced. The validator would be used for
  // elicitation only, and ajv's own would cost memory in each of many servers.
  const server = new Server(
    { name: "claude-orch", title: "claude-orch", version },
    {
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true, listChanged: true } },
      instructions: instructionsFor(principal, tools.names),
      jsonSchemaValidator: {
        getValidator: () => () => ({ valid: false, data: undefined, errorMessage: "not validated" }),
      },
    },
  );
  const subscriptions = new Subscriptions({
    resources,
    calls,
    logger,
    context,
    fingerprint: (uri, signal) => fingerprint(resources, uri, context(signal)),
    onUpdated: (uri) => server.sendResourceUpdated({ uri }),
    onListChanged: () => server.sendResourceListChanged(),
  });
  server.onclose = () => calls.stop("connection closed");
  server.onerror = (error) => logger.warn("mcp.protocol", { error: error.message });

  /** Runs one request as a call that can be cancelled, waited for and ended. */
  const handle =
    <R extends { params?: unknown }, T>(work: (request: R, signal: AbortSignal, extra: Extra) => Promise<T>) =>
    (request: R, extra: Extra): Promise<T> =>
      calls.call(extra.signal, (signal) => work(request, signal, extra));

  server.setRequestHandler(ListToolsRequestSchema, () => {
    options.onToolsListed?.();
    return { tools: tools.list() };
  });
  server.setRequestHandler(
    CallToolRequestSchema,
    handle(
      async (
        { params }: { params: { name: string; arguments?: Record<string, unknown> | undefined } },
        signal,
        extra,
      ) => {
        const operation = tools.find(params.name);
        if (!operation) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
        const result = await tools.call(operation, { args: params.arguments ?? {}, signal, ...progressOf(extra) });
        if (operation.effect !== "read") tellOfNewList();
        return result;
      },
    ),
  );
  /** What we changed ourselves needs no watcher to be noticed. */
  const tellOfNewList = () =>
    void calls.background((signal) =>
      subscriptions
        .checkList(signal)
        .catch((error: unknown) => logger.warn("mcp.list.failed", { error: String(error) })),
    );

  server.setRequestHandler(
    ListResourcesRequestSchema,
    handle(async (_request, signal) => {
      const list = await resources.list(context(signal).store).catch(rethrow);
      subscriptions.listWasSeen(list.map(({ uri }) => uri));
      return { resources: list };
    }),
  );
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: resources.templates() }));
  server.setRequestHandler(
    ReadResourceRequestSchema,
    handle(({ params }: { params: { uri: string } }, signal) => readResource(resources, params.uri, context(signal))),
  );
  server.setRequestHandler(
    SubscribeRequestSchema,
    handle(async ({ params }: { params: { uri: string } }, signal) => {
      if (!resources.resolve(params.uri)) await readResource(resources, params.uri, context(signal));
      await subscriptions.add(params.uri, signal).catch(rethrow);
      return {};
    }),
  );
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscriptions.remove(params.uri);
    return {};
  });

  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: listPrompts(tools.names) }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = getPrompt(params.name, params.arguments ?? {}, tools.names);
    if (typeof prompt === "string") throw new McpError(ErrorCode.InvalidParams, prompt);
    return prompt;
  });
  return server;
}

function progressOf({ _meta, sendNotification }: Extra): Pick<ToolCall, "progress"> {
  const token = _meta?.progressToken;
  if (token === undefined) return {};
  return {
    progress: {
      token,
      // A client that is gone ends the call by itself; there is nobody to tell.
      send: (params) => void sendNotification({ method: "notifications/progress", params }).catch(() => undefined),
    },
  };
}

function rethrow(thrown: unknown): never {
  const error = toAppError(thrown);
  throw new McpError(ErrorCode.InternalError, error.message, toEnvelope(error).error);
}
