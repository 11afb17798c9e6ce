import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DesktopNotifier } from "../../src/platform/desktop-notifier.ts";
import { SystemProcesses } from "../../src/platform/system-processes.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Stands in for the desktop's program: writes its arguments, one a line. */
const PROGRAM = `#!/bin/sh
printf '%s\\n' "$@" >"$(dirname "$0")/arguments"
`;

describe("B3: desktop notifications", () => {
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    folder = await temporaryDirectory();
    for (const name of ["osascript", "notify-send"]) {
      await writeFile(join(folder.path, name), PROGRAM);
      await chmod(join(folder.path, name), 0o700);
    }
  });
  afterAll(() => folder.remove());

  const notify = (platform: NodeJS.Platform, path = `${folder.path}:/usr/bin:/bin`) =>
    new DesktopNotifier({ processes: new SystemProcesses(), environment: { PATH: path }, platform }).desktop({
      title: '-e "quit"',
      body: "--help <b>&\nBash: rm -rf",
    });
  const passed = async () => (await readFile(join(folder.path, "arguments"), "utf8")).split("\n").slice(0, -1);

  it("hand texts to osascript behind its options, never inside the script", async () => {
    expect(await notify("darwin")).toBe(true);
    const [script, rest] = [(await passed()).slice(0, 6), (await passed()).slice(6)];
    expect(script.filter((_, index) => index % 2 === 0)).toEqual(["-e", "-e", "-e"]);
    expect(script.join(" ")).not.toContain("quit");
    expect(rest).toEqual(["notify", '-e "quit"', "--help <b>&", "Bash: rm -rf"]);
  });

  it("hand texts to notify-send behind --, with the body's markup escaped", async () => {
    expect(await notify("linux")).toBe(true);
    expect(await passed()).toEqual([
      "--app-name=claude-orch",
      "--",
      '-e "quit"',
      "--help &lt;b&gt;&amp;",
      "Bash: rm -rf",
    ]);
  });

  it("say that there is no desktop where its program is missing", async () => {
    expect(await notify("linux", "/nowhere")).toBe(false);
  });
});
