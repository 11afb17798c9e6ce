import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../src/core/ports/store.ts";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { SystemIds } from "../../src/platform/system-ids.ts";
import { type OpenStoreOptions, openStore } from "../../src/store/open-store.ts";

export interface TestStore {
  store: Store;
  home: string;
  /** The database file. */
  file: string;
  /** How often the store rang. */
  rings(): number;
  /** Another connection to the same home; closed by `remove`. */
  openAgain(options?: Partial<OpenStoreOptions>): Promise<Store>;
  /** Closes all connections and removes the home. */
  remove(): Promise<void>;
}

/** A real store in a temporary home of its own, with its key in a file. */
export async function openTestStore(options: Partial<OpenStoreOptions> = {}): Promise<TestStore> {
  const home = options.home ?? temporaryHome();
  const opened: Store[] = [];
  let rings = 0;
  const openAgain = async (more: Partial<OpenStoreOptions> = {}) => {
    const clock = new SystemClock();
    const doorbell = {
      ring: () => {
        rings += 1;
      },
    };
    const store = await openStore({
      home,
      environment: {},
      clock,
      ids: new SystemIds(clock),
      doorbell,
      ...options,
      ...more,
    });
    opened.push(store);
    return store;
  };
  return {
    store: await openAgain(),
    home,
    file: join(home, "store.db"),
    rings: () => rings,
    openAgain,
    remove: async () => {
      for (const store of opened) await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export function temporaryHome(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "claude-orch-home-")));
}
