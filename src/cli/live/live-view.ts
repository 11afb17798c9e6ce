import { keepQueuesMoving } from "../../operations/agent/delivery/keep-moving.ts";
import { watchAgents } from "../../operations/agent/watch.ts";
import type { Invocation } from "../base-command.ts";
import { jsonLine } from "../output.ts";
import { fitFrame } from "./frame.ts";
import { type Notice, Notifications } from "./notify.ts";

export interface LiveView<T> {
  load: () => Promise<T>;
  format: (value: T) => string;
  /** The value without what changes by itself (ages): where nothing is redrawn, only real changes are printed. */
  identity: (value: T) => unknown;
  notices: (value: T) => Notice[];
  /** How often to look without being told, in ms. */
  lookEveryMs?: number;
}

/** A missed change shows after this long. */
const LOOK_EVERY_MS = 1_000;

/**
 * Shows a value until the signal aborts: redrawn in place on a terminal that can, one JSON object per change with --json, a
 * new block per change otherwise. Tells of what newly needs a person, and, as a process that lives long, keeps queues moving.
 *
 * @param command program to run for each notice (--notify)
 */
export async function runLiveView<T>(
  { context, output, isJson, signal }: Invocation,
  view: LiveView<T>,
  command: string | undefined,
): Promise<void> {
  const notifications = new Notifications(context, output, command);
  const background = new AbortController();
  const moving = keepQueuesMoving({ ...context, signal: AbortSignal.any([signal, background.signal]) });
  const draw = output.canRedraw && !isJson ? await drawer(output) : undefined;
  let last = "";
  try {
    while (!signal.aborted) {
      const value = await view.load();
      const identity = JSON.stringify(view.identity(value));
      if (draw) draw(view.format(value));
      else if (identity !== last) output.data(isJson ? jsonLine(value) : view.format(value));
      last = identity;
      await notifications.show(view.notices(value));
      await watchAgents(context, view.lookEveryMs ?? LOOK_EVERY_MS);
    }
  } finally {
    background.abort();
    await moving;
  }
}

async function drawer(output: Invocation["output"]): Promise<(text: string) => void> {
  const { default: logUpdate } = await import("log-update");
  return (text) => logUpdate(fitFrame(text, output.size()));
}
