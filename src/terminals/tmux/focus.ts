import type { TerminalRef } from "../../core/agent.ts";
import type { TmuxCommand } from "./command.ts";
import { onPane } from "./pane.ts";

/**
 * Selects the pane in its tmux session and turns the newest attached client of the server to it.
 * @returns whether a person sees it now
 */
export async function focusPane(tmux: TmuxCommand, ref: TerminalRef, signal?: AbortSignal): Promise<boolean> {
  const listing = await onPane(
    tmux,
    ref,
    [
      ["select-window", "-t", ref.id],
      ["select-pane", "-t", ref.id],
      ["list-clients", "-F", "#{client_activity} #{client_name}"],
    ],
    { signal },
  );
  const client = newestClient(listing);
  if (client === undefined) return false;
  await onPane(tmux, ref, [["switch-client", "-c", client, "-t", ref.id]], { signal });
  return true;
}

function newestClient(listing: string): string | undefined {
  const clients = listing.split("\n").flatMap((line) => {
    const [, activity, name] = /^(\d+) (.+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ activity: Number(activity), name }];
  });
  return clients.sort((a, b) => b.activity - a.activity)[0]?.name;
}
