import { AppError } from "../core/errors.ts";
import { callOperation } from "../operations/call.ts";
import { sessionDelete } from "../operations/session/delete.ts";
import { placeToKeep } from "./kept-app.ts";
import { type Played, play } from "./play.ts";
import { scriptedReply } from "./script.ts";

interface DemoOptions {
  signal: AbortSignal;
  say: (line: string) => void;
  /** Folder that gets a copy of the app. */
  keep?: string | undefined;
}

export interface DemoResult extends Played {
  backend: string;
  /** Why it is not real Claude Code in tmux, when it is not. */
  note: string | null;
  /** Absolute path of the copy. */
  kept: string | null;
  seconds: number;
}

/**
 * Runs the demo in a throw-away home and cleans everything up, whatever happens.
 * @throws INVALID_INPUT for a folder to keep the app in that is not empty, BACKEND_UNAVAILABLE where no app can be built for it
 */
export async function runDemo({ signal, say, keep }: DemoOptions): Promise<DemoResult> {
  const kept = keep === undefined ? null : await placeToKeep(keep);
  const { openDemoWorld } = await import("../compose-demo.ts");
  const world = await openDemoWorld(signal, scriptedReply);
  const { context, backend, note } = world;
  const startedAt = context.clock.monotonic();
  try {
    if (note !== null && kept !== null) {
      throw new AppError("BACKEND_UNAVAILABLE", `${note} Without real agents there is no app to keep.`);
    }
    say(
      note === null
        ? `Claude Code ${world.claudeVersion} in tmux; its model is a script on ${world.modelUrl}.`
        : `${note}\nSo agents are played: queue, needs and checks are real, but no app is built.`,
    );
    const played = await play(context, { project: world.project, backend, kept, say });
    const seconds = Math.round((context.clock.monotonic() - startedAt) / 100) / 10;
    return { backend, note, ...played, kept, seconds };
  } finally {
    await callOperation(sessionDelete, { session: "demo", force: true }, world.cleanUpContext).catch(() => undefined);
    await world.dispose();
    say("Cleaned up.");
  }
}
