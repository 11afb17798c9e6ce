import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TerminalRef } from "../../../src/core/agent.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { makeTmuxHarness, type TmuxHarness } from "./tmux-harness.ts";

const CONFIGS: Record<string, string> = {
  "another prefix and other indexes":
    "set -g prefix C-a\nunbind C-b\nset -g base-index 1\nsetw -g pane-base-index 1\nset -g renumber-windows on",
  "sessions that end when nobody watches": "set -g destroy-unattached on\nset -s exit-unattached on",
  "a server that stays without sessions": "set -s exit-empty off",
  "panes that vanish when their program ends": "setw -g remain-on-exit off",
  "names that programs change": "setw -g automatic-rename on\nsetw -g allow-rename on\nset -g set-titles on",
  "another shell and another command for panes": 'set -g default-shell /bin/false\nset -g default-command "exit 9"',
  "keys that reach all panes": "setw -g synchronize-panes on",
  "no history, the mouse, vi keys":
    "set -g history-limit 0\nset -g mouse on\nsetw -g mode-keys vi\nset -g status-keys vi\nset -sg escape-time 2000",
  "hooks that open, rename and select":
    "set-hook -g after-new-session 'new-window -d \"sleep 100\"'\nset-hook -g after-new-window 'rename-window hooked'\nset-hook -g after-split-window 'select-layout tiled'",
  "a small size": "set -g default-size 20x5\nsetw -g window-size smallest\nsetw -g aggressive-resize on",
  "another terminal type, extended keys":
    "set -g default-terminal dumb\nset -s extended-keys always\nset -g update-environment 'SECRET'",
  mistakes: "this-is-no-command\nset -g nonsense on",
};

describe("the tmux backend under a person's own configuration", () => {
  let harness: TmuxHarness | undefined;
  let config: Awaited<ReturnType<typeof temporaryDirectory>> | undefined;

  afterEach(async () => {
    await harness?.dispose();
    await config?.remove();
  });

  async function open(changes = {}): Promise<TerminalRef> {
    if (!harness) throw new Error("no harness");
    const ref = await harness.backend.open(await harness.request(changes));
    await harness.ready(ref);
    return ref;
  }

  it.each(Object.entries(CONFIGS))("opens, types, reads, splits and closes with %s", async (_, text) => {
    config = await temporaryDirectory();
    const configFile = join(config.path, "tmux.conf");
    await writeFile(configFile, `${text}\n`);
    harness = await makeTmuxHarness({ configFile });
    const { backend, received } = harness;

    const first = await open();
    const second = await open({ layout: "split-vertical", splitFrom: first });
    await backend.input(first, [
      { kind: "text", text: "to the first\nalone", isBracketed: true },
      { kind: "keys", keys: ["Home", "Enter"] },
    ]);

    await vi.waitFor(
      () => expect(received(first).toString()).toBe("\u001b[200~to the first\nalone\u001b[201~\u001b[1~\r"),
      5_000,
    );
    expect(received(second).toString()).toBe("");
    expect((await backend.screen(second)).lines[0]).toBe("recorder is ready");
    expect(await backend.find(second.tag)).toEqual(second);
    await harness.end(second, 7);
    await vi.waitFor(
      async () => expect((await backend.status([second]))[0]).toMatchObject({ exists: true, exitCode: 7 }),
      5_000,
    );
    await backend.close(second);
    await backend.close(first);
    expect((await backend.status([first, second])).map((status) => status.exists)).toEqual([false, false]);
  });
});
