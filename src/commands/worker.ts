import { BaseCommand } from "../cli/base-command.ts";
import { runWorker } from "../cli/live/run-worker.ts";
import { EXIT_CODES } from "../core/errors.ts";

export default class Worker extends BaseCommand {
  static override summary = "Run the queue of tasks in the foreground";
  static override description =
    "Starts tasks as agents get free, checks and retries them, and delivers what is queued for agents, until Ctrl-C. Prints what starts and ends; with --json one object a line. An MCP server of ours does the same, and so does a command that waits for tasks; of several processes one works and the others stand by.";
  static override examples = ["<%= config.bin %> worker", "<%= config.bin %> worker --json"];

  protected override async execute({ open, ...invocation }: Parameters<BaseCommand["execute"]>[0]): Promise<number> {
    await this.parse(Worker);
    await runWorker({ ...invocation, context: await open() });
    return EXIT_CODES.cancelled;
  }
}
