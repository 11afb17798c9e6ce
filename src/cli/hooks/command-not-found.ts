import type { Hook } from "@oclif/core/hooks";
import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";

/** An unknown command is answered in our own envelope, with the commands that are spelt like it. */
const hook: Hook.CommandNotFound = async ({ id, config }) => {
  const commands = config.commandIDs.map((known) => known.replaceAll(":", " "));
  const [first = "", second, ...others] = id.split(":");
  if (commands.includes(first)) {
    throw new AppError("INVALID_INPUT", `Unexpected argument: ${[second, ...others].join(":")}`);
  }
  // What follows was meant as the command's arguments: a command has two words at most, and the first is a topic then.
  const isTopic = commands.some((command) => command.startsWith(`${first} `));
  const spoken = isTopic && second !== undefined ? `${first} ${second}` : first;
  const near = nearCommands(spoken, isTopic ? undefined : second, commands);
  const hint =
    near.length > 0
      ? `Did you mean claude-orch ${near.join(" or claude-orch ")}?`
      : `Run claude-orch ${isTopic ? `${first} ` : ""}--help to see the commands.`;
  throw new AppError("UNKNOWN_COMMAND", `There is no command ${JSON.stringify(spoken)}`, {
    hint,
    details: { command: spoken, near },
  });
};

/** A misspelt word, a misspelt topic (`agnet send`), or a verb without its topic (`spawn`). */
function nearCommands(spoken: string, second: string | undefined, commands: readonly string[]): string[] {
  const near = nearNames(spoken, commands);
  if (near.length > 0) return near;
  const withTopic = second === undefined ? [] : nearNames(`${spoken} ${second}`, commands);
  return withTopic.length > 0 ? withTopic : commands.filter((command) => command.endsWith(` ${spoken}`));
}

export default hook;
