import type * as z from "zod";
import type { ErrorCode } from "../core/errors.ts";
import type { Context } from "./context.ts";

export type Effect = "read" | "write" | "destroy";
export type Risk = "low" | "medium" | "high";

/** How one field of the input is written on the command line, where that cannot be derived. */
export interface CliSpec {
  /** Input fields that are positional arguments, in order. An array field may come last and takes the rest. */
  args?: readonly string[];
  /** Field that takes everything behind `--`. */
  rest?: string;
  /** Field that is read from standard input when it is given as `-`. */
  stdin?: string;
  /** One-letter flags, by field. */
  short?: Readonly<Record<string, string>>;
  /** Real command lines, without the program's name. */
  examples?: readonly string[];
  /** Fields that exist for programs only and get no flag. */
  hidden?: readonly string[];
  /** Exit code of a call that worked, where its result says more (a wait that ran out of time: 6). Default 0. */
  exitCode?: (output: Record<string, unknown>, input: Record<string, unknown>) => number;
}

/** A capability, described once; CLI, MCP and HTTP are derived from it. */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  /** `topic.verb`: the CLI path with spaces, the MCP tool with underscores. Fields are camelCase. */
  name: string;
  title: string;
  /** One line. */
  summary: string;
  /** When to use it and what it returns; written for a reader, human or model, who has not seen the code. */
  description: string;
  effect: Effect;
  risk: Risk;
  isIdempotent: boolean;
  /**
   * Who may see it: `worker` tools are also offered to spawned agents, inside their own session; with `spawn` only to those
   * whose role lets them start others.
   */
  exposure: { mcp: boolean; worker: boolean | "spawn" };
  input: I;
  output: O;
  errors: readonly ErrorCode[];
  cli?: CliSpec;
  run(input: z.output<I>, context: Context): Promise<z.input<O>>;
}

export function defineOperation<I extends z.ZodObject, O extends z.ZodObject>(
  operation: Operation<I, O>,
): Operation<I, O> {
  return operation;
}
