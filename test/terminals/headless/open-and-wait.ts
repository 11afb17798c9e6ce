// Opens a headless terminal as a command of ours would, says so, and stays until it is killed.
import type { OpenRequest } from "../../../src/core/ports/terminal-backend.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { SystemIds } from "../../../src/platform/system-ids.ts";
import { SystemProcesses } from "../../../src/platform/system-processes.ts";
import { HeadlessBackend } from "../../../src/terminals/headless/backend.ts";

const [home = "", request = "{}"] = process.argv.slice(2);
const clock = new SystemClock();
const backend = new HeadlessBackend({
  home,
  clock,
  ids: new SystemIds(clock),
  processes: new SystemProcesses(),
  searchPath: process.env.PATH ?? "",
  platform: process.platform,
  timeoutMs: 10_000,
});
await backend.open(JSON.parse(request) as OpenRequest);
process.stdout.write("opened\n");
process.stdin.resume();
