import type { Context } from "../operations/context.ts";
import type { Crew } from "./crew.ts";
import type { PrepareTask } from "./prepare-task.ts";

/** Everything the scheduler touches. */
export interface SchedulerPorts
  extends Pick<
    Context,
    "store" | "clock" | "ids" | "doorbell" | "logger" | "processes" | "machine" | "settingsSource" | "signal"
  > {
  crew: Crew;
  /** Fills the text of a task that is about to start, or says why it is left out. */
  prepareTask: PrepareTask;
}

/** The same, as far as writing down what was decided needs it. */
export type JournalPorts = Pick<SchedulerPorts, "store" | "clock" | "ids" | "logger">;
