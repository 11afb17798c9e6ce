import { Command } from "@oclif/core/command";
import * as Flags from "@oclif/core/flags";
import { type AppError, toEnvelope } from "../core/errors.ts";
import { agentOfEnvironment } from "../operations/agent-environment.ts";
import type { Context } from "../operations/context.ts";
import { describeError, toCliError, wantsJson } from "./failure.ts";
import { onInterruption } from "./interruption.ts";
import { jsonLine, type Output, openOutput } from "./output.ts";
import { progressPrinter } from "./progress.ts";

/** What a command's body gets. */
export interface Invocation {
  context: Context;
  output: Output;
  isJson: boolean;
  signal: AbortSignal;
}

/**
 * Base of all commands: opens context and output, turns every failure into text or JSON with the same exit code, and
 * SIGINT into exit 130 with nothing left half done.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: "Print exactly one JSON document", helpGroup: "GLOBAL" }),
    "no-color": Flags.boolean({ description: "No colours (also: NO_COLOR)", helpGroup: "GLOBAL" }),
  };

  /** Returns the exit code. */
  protected abstract execute(
    invocation: Omit<Invocation, "context"> & { open: () => Promise<Context> },
  ): Promise<number>;

  override async run(): Promise<void> {
    const isJson = wantsJson(this.argv);
    const interruption = onInterruption();
    const env = process.env;
    const output = await openOutput(!this.argv.includes("--no-color"), env);
    let context: Context | undefined;
    try {
      process.exitCode = await this.execute({
        output,
        isJson,
        signal: interruption.signal,
        open: async () => {
          const { compose } = await import("../compose.ts");
          const opened = await compose({
            signal: interruption.signal,
            progress: progressPrinter(output, process.stderr.isTTY === true),
          });
          context = opened;
          const agent = await agentOfEnvironment(opened.caller.env, opened.store.agents);
          return agent ? { ...opened, caller: { ...opened.caller, principal: agent } } : opened;
        },
      });
    } catch (thrown) {
      if (interruption.isStdoutClosed()) return;
      const error = toCliError(thrown);
      process.exitCode = error.exitCode;
      report(output, error, isJson);
      if (error.code === "INTERNAL")
        context?.logger.error("command.failed", { error: error.stack, cause: String(error.cause) });
    } finally {
      await context?.store.close().catch(() => undefined);
      interruption.dispose();
    }
  }
}

function report(output: Output, error: AppError, isJson: boolean): void {
  if (isJson) output.data(jsonLine(toEnvelope(error)));
  else output.note(describeError(error));
  if (error.code === "INTERNAL" && process.env.CLAUDE_ORCH_LOG_LEVEL?.toLowerCase() === "debug")
    output.note(String(error.stack));
}
