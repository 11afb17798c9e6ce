import type { OpenRequest } from "../../core/ports/terminal-backend.ts";

/**
 * Name of the tmux session of a group: what a person calls the session, and the end of its id, because two homes may
 * share the server and tmux cannot have `.` and `:` in names (`a.b` and `a_b` would meet).
 */
export function groupSession(group: OpenRequest["group"]): string {
  return `${plain(group.name)}-${plain(group.id).slice(-6)}`;
}

/** A tmux session of its own for `--layout window`: a person attaches it in a separate window of their screen. */
export function windowSession(group: OpenRequest["group"], tag: string): string {
  return `${groupSession(group)}-${tag.slice(-6)}`;
}

/** tmux expands names as formats, in which `#(…)` runs a command. Control characters would break listings. */
export function literalName(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, " ").replaceAll("#", "##");
}

function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
