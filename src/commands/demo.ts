import { BaseCommand } from "../cli/base-command.ts";

export default class Demo extends BaseCommand {
  static override summary = "Show the main job on this machine: no account, no network";
  static override description =
    "Starts a scripted model on this machine, spawns three agents (real Claude Code in tmux; scripted agents where either is missing, and it says so), passes a manager's task from one to the next, prints the answers and cleans up. Takes well under a minute.";
  static override examples = ["<%= config.bin %> demo"];

  protected override async execute({ output, isJson, signal }: Parameters<BaseCommand["execute"]>[0]): Promise<number> {
    await this.parse(Demo);
    const { runDemo } = await import("../demo/run-demo.ts");
    const result = await runDemo({ signal, say: (line) => output.note(line) });
    if (isJson) output.data(JSON.stringify(result));
    else for (const { agent, answer } of result.answers) output.data(`${output.paint.bold(agent)}: ${answer}`);
    return 0;
  }
}
