import * as z from "zod";
import { AppError } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { commandLineName, sayProblem } from "./field-names.ts";
import type { Operation } from "./operation.ts";
import { authorise } from "./policy/authorise.ts";
import { withSpawnRight } from "./policy/spawn-right.ts";

/**
 * Runs an operation for any surface: checks the input, the caller's rights and the output's shape.
 * @throws INVALID_INPUT naming the first bad field; PERMISSION_DENIED; whatever the operation throws
 */
export async function callOperation<I extends z.ZodObject, O extends z.ZodObject>(
  operation: Operation<I, O>,
  input: unknown,
  context: Context,
): Promise<z.output<O>> {
  const parsed = parseInput(operation, input);
  await assertAllowed(operation, context);
  return operation.output.parse(await operation.run(parsed, context)) as z.output<O>;
}

/** A refusal goes to the log: somebody tried what they may not do. @throws PERMISSION_DENIED */
async function assertAllowed(operation: Operation, context: Context): Promise<void> {
  const isBySpawnRight = operation.exposure.worker === "spawn";
  const principal = isBySpawnRight ? await withSpawnRight(context) : context.caller.principal;
  try {
    if (principal.kind === "worker") await assertStillThere(context, principal.agentId);
    authorise(operation, principal);
  } catch (error) {
    context.logger.warn("call.refused", { operation: operation.name, ...principal });
    throw error;
  }
}

/** A server that an agent started may outlive it, and its token was checked when it began. @throws PERMISSION_DENIED */
async function assertStillThere({ store }: Context, agentId: string): Promise<void> {
  if (await store.agents.get(agentId)) return;
  throw new AppError("PERMISSION_DENIED", "The agent that calls was deleted", { details: { agentId } });
}

/**
 * @throws INVALID_INPUT naming the first bad field as the command line spells it; the issues in its details have the
 * plain field names, from which other surfaces make their own sentence
 */
export function parseInput<I extends z.ZodObject>(operation: Operation<I>, input: unknown): z.output<I> {
  const result = z.strictObject(operation.input.shape).safeParse(input);
  if (result.success) return result.data as z.output<I>;
  const issues = result.error.issues.map((issue) => ({
    field: issue.path.join("."),
    problem: describeIssue(issue, input),
  }));
  const first = issues[0] ?? { field: "", problem: "not valid" };
  const [field = ""] = first.field.split(".");
  const name = field === "" ? "" : commandLineName(operation, field);
  throw new AppError("INVALID_INPUT", `${operation.name.replace(".", " ")}: ${sayProblem(name, first.problem)}`, {
    details: { issues },
  });
}

function isMissing([field, ...below]: readonly PropertyKey[], input: unknown): boolean {
  if (field === undefined || below.length > 0 || typeof input !== "object" || input === null) return false;
  return Object.entries(input).every(([name, value]) => name !== field || value === undefined);
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  switch (issue.code) {
    case "invalid_value":
      return isMissing(issue.path, input) ? "is missing" : issue.message;
    case "unrecognized_keys":
      return `unknown argument ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
    case "invalid_type":
      if (issue.message.endsWith("received undefined")) return "is missing";
      return ["number", "int"].includes(issue.expected) ? "must be a whole number" : issue.message;
    case "too_small":
      return issue.origin === "number" ? `must be at least ${issue.minimum}` : "must not be empty";
    case "too_big":
      return issue.origin === "number" ? `must be at most ${issue.maximum}` : issue.message;
    default:
      return issue.message;
  }
}
