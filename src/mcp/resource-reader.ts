import { createHash } from "node:crypto";
import { ErrorCode, McpError, type ReadResourceResult } from "@modelcontextprotocol/sdk/types.js";
import { AppError, toAppError, toEnvelope } from "../core/errors.ts";
import { callOperation } from "../operations/call.ts";
import type { Context } from "../operations/context.ts";
import type { Resources } from "./resources.ts";

/** The protocol's code for a resource that is not there; the SDK's own list lacks it. */
const RESOURCE_NOT_FOUND = -32002;

/**
 * The content of a resource: the JSON of the operation behind it.
 * @throws McpError with the error envelope as data
 */
export async function readResource(resources: Resources, uri: string, context: Context): Promise<ReadResourceResult> {
  try {
    const text = JSON.stringify(await read(resources, uri, context));
    return { contents: [{ uri, mimeType: "application/json", text }] };
  } catch (thrown) {
    const error = toAppError(thrown);
    const code =
      error.kind === "not-found"
        ? RESOURCE_NOT_FOUND
        : error.kind === "usage"
          ? ErrorCode.InvalidParams
          : ErrorCode.InternalError;
    throw new McpError(code, error.message, { ...toEnvelope(error).error, uri });
  }
}

/**
 * What a resource says, without what changes by merely looking at it; "" when it is not there (yet, or any more).
 * @throws whatever the operation throws for other reasons
 */
export async function fingerprint(resources: Resources, uri: string, context: Context): Promise<string> {
  try {
    const json = JSON.stringify(await read(resources, uri, context), (key, value) =>
      VOLATILE.has(key) ? undefined : value,
    );
    return createHash("sha256").update(json).digest("base64");
  } catch (thrown) {
    if (toAppError(thrown).kind === "not-found") return "";
    throw thrown;
  }
}

/** `because` and `durationMs` count seconds; `screen` has a spinner. What they mean shows in `state`, too. */
const VOLATILE: ReadonlySet<string> = new Set(["because", "durationMs", "screen"]);

async function read(resources: Resources, uri: string, context: Context): Promise<Record<string, unknown>> {
  const reading = resources.resolve(uri);
  if (!reading)
    throw new AppError("FILE_NOT_FOUND", `There is no resource ${uri}`, {
      hint: "List the resources and their templates.",
    });
  return callOperation(reading.operation, reading.input, context);
}
