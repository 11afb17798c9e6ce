import type { Hook } from "@oclif/core/hooks";
import { AppError } from "../../core/errors.ts";
import { nearNames } from "../../core/near-names.ts";

/** An unknown command is answered in our own envelope, with the commands that are spelt like it. */
const hook: Hook.CommandNotFound = async ({ id, config }) => {
  const spoken = id.replaceAll(":", " ");
  const near = nearNames(
    spoken,
    config.commandIDs.map((known) => known.replaceAll(":", " ")),
  );
  throw new AppError("UNKNOWN_COMMAND", `There is no command ${JSON.stringify(spoken)}`, {
    ...(near.length > 0 ? { hint: `Did you mean claude-orch ${near.join(" or claude-orch ")}?` } : {}),
    details: { command: spoken, near },
  });
};

export default hook;
