import type { RunState } from "../../core/workflow/run.ts";
import type { Output } from "../output.ts";

/** What a workflow's run, or a team's coordination, has come to. */
export function paintRunState(state: RunState, text: string, { paint }: Output): string {
  switch (state) {
    case "running":
      return paint.cyan(text);
    case "done":
      return paint.green(text);
    case "failed":
      return paint.red(text);
    case "cancelled":
      return paint.dim(text);
  }
}
