import { describe, expect, it } from "vitest";
import { type Notice, Notifications } from "../../../src/cli/live/notify.ts";
import type { Context } from "../../../src/operations/context.ts";
import { plainOutput } from "../../support/plain-output.ts";

const NOON = new Date(2026, 10, 21, 12).getTime();

function makeWorld(settings: Record<string, unknown> = {}, hasDesktop = true) {
  const desktop: { title: string; body: string }[] = [];
  const commands: { file: string; args: readonly string[]; input: unknown }[] = [];
  const current = { notify: "bell", notifyCommand: null, quietHours: null, ...settings };
  const context = {
    clock: { now: () => NOON },
    settings: current,
    settingsSource: { current: () => current },
    notifier: {
      desktop: async (note: { title: string; body: string }) => {
        desktop.push(note);
        return hasDesktop;
      },
    },
    processes: {
      run: async (file: string, args: readonly string[], options: { input: string }) => {
        commands.push({ file, args, input: JSON.parse(options.input) });
        return { reason: "exited", exitCode: file === "broken" ? 3 : 0 };
      },
    },
    caller: { cwd: "/", env: {} },
    logger: { warn: () => undefined },
    signal: new AbortController().signal,
  } as unknown as Context;
  return { context, desktop, commands, output: plainOutput(), settings: current as Record<string, unknown> };
}

const notice = (id: string): Notice => ({ id, title: `${id} is waiting`, body: `Bash: ls ${id}`, data: { id } });

describe("B3: notifications", () => {
  it("tell of what is new, not of what was there when the view opened, and of what came back", async () => {
    const world = makeWorld();
    const notifications = new Notifications(world.context, world.output, undefined);

    await notifications.show([notice("api")]);
    expect(world.output.written.bells).toBe(0);
    await notifications.show([notice("api"), notice("web")]);
    expect(world.output.written.bells).toBe(1);
    await notifications.show([notice("api"), notice("web")]);
    expect(world.output.written.bells).toBe(1);
    await notifications.show([notice("api")]);
    await notifications.show([notice("api"), notice("web")]);
    expect(world.output.written.bells).toBe(2);
  });

  it("show on the desktop, several as one, and ring the bell where there is no desktop", async () => {
    const world = makeWorld({ notify: "desktop" });
    const notifications = new Notifications(world.context, world.output, undefined);
    await notifications.show([]);
    await notifications.show([notice("api\u001b[2J")]);
    expect(world.desktop).toEqual([{ title: "api␛[2J is waiting", body: "Bash: ls api␛[2J" }]);
    await notifications.show(["a", "b", "c", "d"].map(notice));
    expect(world.desktop[1]?.title).toBe("4 things need you");
    expect(world.output.written.bells).toBe(0);

    const bare = makeWorld({ notify: "desktop" }, false);
    const there = new Notifications(bare.context, bare.output, undefined);
    await there.show([]);
    await there.show([notice("api")]);
    expect(bare.output.written.bells).toBe(1);
  });

  it("run the person's program for each, with the item as JSON and no arguments, and tell when it fails", async () => {
    const world = makeWorld({ notifyCommand: "from-settings" });
    const notifications = new Notifications(world.context, world.output, "given");
    await notifications.show([]);
    await notifications.show([notice("api"), notice("web")]);
    expect(world.commands).toEqual([
      { file: "given", args: [], input: { id: "api" } },
      { file: "given", args: [], input: { id: "web" } },
    ]);

    const broken = new Notifications(world.context, world.output, "broken");
    await broken.show([]);
    await broken.show([notice("api")]);
    expect(world.output.written.notes).toEqual(["The notify command did not work: exit 3"]);
  });

  it("stay silent in the quiet hours, which may be set while the view is open, and with notify none", async () => {
    const world = makeWorld();
    const notifications = new Notifications(world.context, world.output, "given");
    await notifications.show([]);
    world.settings.quietHours = "11:00-13:00";
    await notifications.show([notice("api")]);
    expect([world.output.written.bells, world.commands]).toEqual([0, []]);

    const off = makeWorld({ notify: "none" });
    const silent = new Notifications(off.context, off.output, undefined);
    await silent.show([]);
    await silent.show([notice("api")]);
    expect(off.output.written.bells).toBe(0);
  });
});
