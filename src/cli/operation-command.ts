import * as Flags from "@oclif/core/flags";
import type { Arg, Flag } from "@oclif/core/interfaces";
import { AppError, EXIT_CODES, toAppError } from "../core/errors.ts";
import { callOperation, parseInput } from "../operations/call.ts";
import type { Operation } from "../operations/operation.ts";
import { BaseCommand, type Invocation } from "./base-command.ts";
import { confirm } from "./confirm.ts";
import { argsOf, asOptional, flagsOf, hasVariadicArgument, toInput } from "./input-fields.ts";
import { jsonLine } from "./output.ts";
import { renderFields } from "./render/fields.ts";
import { readStdin } from "./stdin.ts";

// biome-ignore lint/suspicious/noExplicitAny: a renderer knows the output of its own operation; the schema has checked it
type Render = (output: any, to: Invocation["output"]) => void;

export interface OperationCommandOptions {
  /** Text form of the result; default: one field a line. */
  render?: Render;
  /** The result where no context can be opened: home, settings or store are in trouble. Undefined: the error stands. */
  withoutContext?: (
    error: AppError,
    call: { version: string; input: Record<string, unknown> },
  ) => Promise<Record<string, unknown> | undefined>;
  /** Flags that only the command line has, and what they do instead of the single call. */
  stream?: {
    flags: Record<string, Flag<unknown>>;
    isWanted: (flags: Record<string, unknown>) => boolean;
    run: (invocation: Invocation, input: Record<string, unknown>, flags: Record<string, unknown>) => Promise<void>;
  };
}

/** The oclif command class of an operation: arguments, flags, help, call and rendering are all derived from it. */
export function operationCommand(operation: Operation, options: OperationCommandOptions = {}) {
  const { cli } = operation;
  const isDestructive = operation.effect === "destroy";
  return class OperationCommand extends BaseCommand {
    static override summary = operation.summary;
    static override description = `${operation.description}\n\nRisk: ${operation.risk}.`;
    static override examples = (cli?.examples ?? []).map((example) =>
      /\bclaude-orch /.test(example) ? `$ ${example}` : `<%= config.bin %> ${example}`,
    );
    static override args: Record<string, Arg<unknown>> = argsOf(operation);
    static override flags: Record<string, Flag<unknown>> = {
      ...flagsOf(operation),
      ...options.stream?.flags,
      ...(isDestructive ? { yes: Flags.boolean({ description: "Do not ask" }) as Flag<unknown> } : {}),
    };
    static override strict = !hasVariadicArgument(operation);

    protected override async execute({
      open,
      output,
      isJson,
      signal,
    }: Parameters<BaseCommand["execute"]>[0]): Promise<number> {
      const { argv, rest } = splitRest(this.argv, cli?.rest !== undefined);
      const { baseFlags, flags: ownFlags, args, strict } = OperationCommand;
      const parsed = await this.parse({ baseFlags, flags: ownFlags, args: asOptional(args), strict }, argv);
      const flags = parsed.flags as Record<string, unknown>;
      const positional = parsed.argv as string[];
      const input = toInput(operation, flags, positional, rest);
      if (cli?.stdin !== undefined && input[cli.stdin] === "-") input[cli.stdin] = await readStdin(signal);
      if (isDestructive) parseInput(operation, input);
      if (isDestructive && flags.yes !== true) await confirm(operation, positional, output, signal);

      const show = (result: Record<string, unknown>) => {
        if (isJson) output.data(jsonLine(result));
        else (options.render ?? renderFields)(result, output);
        return cli?.exitCode?.(result, input) ?? 0;
      };

      let context: Invocation["context"];
      try {
        context = await open();
      } catch (error) {
        if (!options.withoutContext || !(error instanceof AppError)) throw error;
        const result = await options.withoutContext(error, { version: this.config.version, input });
        if (!result) throw error;
        return show(result);
      }
      if (options.stream?.isWanted(flags)) {
        try {
          await options.stream.run({ context, output, isJson, signal }, input, flags);
        } catch (error) {
          // Interrupting is how one leaves a stream: no error text, and no document that is not one of its entries.
          if (!signal.aborted || toAppError(error).kind !== "cancelled") throw error;
        }
        return signal.aborted ? EXIT_CODES.cancelled : 0;
      }
      return show(await callOperation(operation, input, context));
    }
  };
}

/** What stands behind `--` is handed on untouched, whatever it looks like. */
function splitRest(argv: readonly string[], hasRest: boolean): { argv: string[]; rest: string[] } {
  const end = argv.indexOf("--");
  if (!hasRest || end < 0) return { argv: [...argv], rest: [] };
  return { argv: argv.slice(0, end), rest: argv.slice(end + 1) };
}
