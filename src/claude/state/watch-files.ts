import { type FSWatcher, watch as watchPath } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { AppError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";

/** A file that changed this short ago (the clock of files goes in steps of 4 ms) may have changed after the last look. */
const RECENT_MS = 40;
const RECENT_PAUSE_MS = 20;
/** After a change it is worth a second look: what one file says can be waiting for another (assess-state's END_LAG_MS). */
const SECOND_LOOK_MS = 160;
/** File watches can miss a change: network file systems, folders that do not exist yet. */
const POLL_MS = 200;

/**
 * Resolves when one of the files changes, appears or goes, or after `maxMs`; also soon when one changed just before the
 * call, because the caller may have read it before that. `isAlsoChanged` is asked at every poll, for what no file tells.
 * Rejects with CANCELLED on abort.
 */
export async function watchFiles(
  paths: readonly string[],
  options: { maxMs: number; clock: Clock; signal?: AbortSignal | undefined; isAlsoChanged?: () => boolean },
): Promise<void> {
  const { clock, signal } = options;
  const done = new AbortController();
  const stopWatching = watchFolders(paths, () => done.abort());
  const before = await fingerprints(paths);
  let isPolling = false;
  const stopPolling = clock.every(POLL_MS, () => {
    if (options.isAlsoChanged?.()) done.abort();
    if (isPolling) return;
    isPolling = true;
    void fingerprints(paths).then((now) => {
      isPolling = false;
      if (now.some((mark, index) => mark.text !== before[index]?.text)) done.abort();
    });
  });
  try {
    const newest = Math.max(0, ...before.map(({ modifiedAt }) => modifiedAt));
    const age = clock.now() - newest;
    const pause = age < RECENT_MS ? RECENT_PAUSE_MS : age < SECOND_LOOK_MS ? SECOND_LOOK_MS - age : options.maxMs;
    await clock.sleep(Math.min(pause, options.maxMs), signal ? AbortSignal.any([signal, done.signal]) : done.signal);
  } catch (error) {
    if (signal?.aborted) throw new AppError("CANCELLED", "Cancelled", { cause: signal.reason });
    if (!done.signal.aborted) throw error;
  } finally {
    stopPolling();
    stopWatching();
  }
}

/** Watches the folders, not the files: a file may not exist yet, and may be replaced. */
function watchFolders(paths: readonly string[], onChange: () => void): () => void {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    const folder = dirname(path);
    names.set(folder, (names.get(folder) ?? new Set()).add(basename(path)));
  }
  const watchers: FSWatcher[] = [];
  for (const [folder, wanted] of names) {
    try {
      const watcher = watchPath(folder, { persistent: false }, (_, name) => {
        if (name === null || wanted.has(name)) onChange();
      });
      // A folder that goes away is covered by the poll.
      watcher.on("error", () => watcher.close());
      watchers.push(watcher);
    } catch {
      // It does not exist yet, or the system has no watches left: the poll covers it.
    }
  }
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

interface Fingerprint {
  text: string;
  modifiedAt: number;
}

function fingerprints(paths: readonly string[]): Promise<Fingerprint[]> {
  return Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ ino, size, mtimeMs }) => ({ text: `${ino} ${size} ${mtimeMs}`, modifiedAt: mtimeMs }),
        () => ({ text: "absent", modifiedAt: 0 }),
      ),
    ),
  );
}
