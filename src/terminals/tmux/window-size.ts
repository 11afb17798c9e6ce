import type { TmuxArgs } from "./command.ts";

/** Size of a window at which nobody looks: room for Claude Code's screen, and for two panes beside each other. */
export const COLUMNS = "200";
export const LINES = "50";

/**
 * tmux leaves a window at the size of whoever looked last, a narrow phone for instance. So whenever a client comes, goes or
 * turns to another session, every window of a session without clients gets its size back; such a window has a size of
 * its own (`window-size manual`), which is taken from it again as soon as somebody looks at its session: it follows
 * them. One format expands to one command a window, run by tmux itself (`run-shell -C`, tmux 3.2).
 */
const EACH_WINDOW = `#{S:#{W:#{?session_attached,set-option -wu -t #{window_id} window-size,resize-window -t #{window_id} -x ${COLUMNS} -y ${LINES}} ; }}`;

/** Beside the hooks that a configuration may have set. */
const HOOK_INDEX = 90;

export const WINDOW_SIZE_OPTIONS: readonly TmuxArgs[] = [
  ["set-option", "-g", "default-size", `${COLUMNS}x${LINES}`],
  ["set-option", "-gw", "window-size", "latest"],
  ...["client-attached", "client-detached", "client-session-changed"].map((hook) => [
    "set-hook",
    "-g",
    `${hook}[${HOOK_INDEX}]`,
    `run-shell -C "${EACH_WINDOW}"`,
  ]),
];
