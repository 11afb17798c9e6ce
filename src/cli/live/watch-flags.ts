import * as Flags from "@oclif/core/flags";
import type { Flag } from "@oclif/core/interfaces";

/** Flags of the commands that have a live view. */
export const WATCH_FLAGS: Record<string, Flag<unknown>> = {
  watch: Flags.boolean({
    description: "Show every change until interrupted; with --json one object a line",
  }) as Flag<unknown>,
  notify: Flags.string({
    description:
      "With --watch: run this program for each new thing that needs you; it gets it as JSON on standard input",
    helpValue: "CMD",
    dependsOn: ["watch"],
  }) as Flag<unknown>,
};

export function watches(flags: Record<string, unknown>): boolean {
  return flags.watch === true;
}
