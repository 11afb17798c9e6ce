import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { jsonLine } from "../cli/output.ts";
import { EXIT_CODES } from "../core/errors.ts";

export default class Demo extends BaseCommand {
  static override summary = "Build a small app with three agents on this machine: no account, no network";
  static override description =
    "Starts a scripted model on this machine, spawns the agents backend, frontend and tester (real Claude Code in tmux), and lets them build a task list as three tasks of the queue, each with a check. The tester's check fails at first, for a real reason, and what it says goes back to the tester. At the end one agent's process is killed and restored, the app's own tests run once more, and everything is cleaned up; exit 7 if the app does not work. Where Claude Code or tmux is missing, agents are only played: the queue, its needs and checks are real, but no app is built, and it says so. Takes well under a minute.";
  static override examples = ["<%= config.bin %> demo", "<%= config.bin %> demo --keep ./task-list"];
  static override flags = {
    keep: Flags.string({
      description: "Copy the app to this folder, which must be empty or not exist",
      helpValue: "DIR",
    }),
  };

  protected override async execute({ output, isJson, signal }: Parameters<BaseCommand["execute"]>[0]): Promise<number> {
    const { flags } = await this.parse(Demo);
    const { runDemo } = await import("../demo/run-demo.ts");
    const { hasWorked, summary } = await import("../demo/summary.ts");
    const result = await runDemo({ signal, say: (line) => output.note(line), keep: flags.keep });
    if (isJson) output.data(jsonLine(result));
    else {
      for (const { agent, answer } of result.answers) output.data(`${output.paint.bold(agent)}: ${answer}`);
      output.data(summary(result));
    }
    return hasWorked(result) ? 0 : EXIT_CODES.failed;
  }
}
