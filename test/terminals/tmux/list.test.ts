import { expect, it } from "vitest";
import { TmuxCommand } from "../../../src/terminals/tmux/command.ts";
import { listPanes } from "../../../src/terminals/tmux/list.ts";
import type { TmuxOptions } from "../../../src/terminals/tmux/options.ts";

it("a server that has no session left, in the milliseconds before it ends, has no panes", async () => {
  const run = async () => {
    // Recorded from `tmux list-panes -a` of a server without sessions (3.3a).
    return { reason: "exited", exitCode: 1, signal: null, stdout: "", stderr: "no current target\n", durationMs: 1 };
  };
  const options = { processes: { run }, env: {}, socket: "none", timeoutMs: 1000 } as unknown as TmuxOptions;

  expect(await listPanes(new TmuxCommand(options))).toEqual([]);
});
