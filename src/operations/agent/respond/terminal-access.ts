import type { Agent } from "../../../core/agent.ts";
import { AppError } from "../../../core/errors.ts";
import type { TerminalAccess } from "../../../core/ports/agent-program.ts";
import type { Context } from "../../context.ts";
import { readScreen } from "../observe.ts";

/** An agent's terminal, as far as answering a dialog needs it. `input` throws TERMINAL_GONE where there is none. */
export function terminalAccess(context: Context, agent: Agent): TerminalAccess {
  return {
    screen: () => readScreen(context, agent),
    async input(steps) {
      if (!agent.terminal) throw new AppError("TERMINAL_GONE", `Agent ${agent.name} has no terminal`);
      // Not cancellable: an abort must not leave half of the keys.
      await (await context.backend(agent.terminal.backend)).input(agent.terminal, steps);
    },
  };
}
