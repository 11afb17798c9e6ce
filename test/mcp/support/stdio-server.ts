import { silentLogger } from "../../../src/core/ports/logger.ts";
import { serveMcp } from "../../../src/mcp/serve-mcp.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { smallCatalogue, smallWorld } from "./small-catalogue.ts";
import { LocalDoorbell, smallContext } from "./small-context.ts";

// A program of its own: the small catalogue on this process's stdin and stdout. Says on stderr how it ended.
const world = smallWorld();
const clock = new SystemClock();
await serveMcp({
  operations: smallCatalogue(world),
  makeContext: smallContext(world, { clock, doorbell: new LocalDoorbell() }),
  principal: { kind: "manager" },
  logger: silentLogger,
  clock,
  version: "1.2.3",
  input: process.stdin,
  output: process.stdout,
});
process.stderr.write(JSON.stringify({ ended: world.journal.ended, holding: world.journal.holding }));
