import { writeSync } from "node:fs";
import { SystemClock } from "../../src/platform/system-clock.ts";
import { SystemIds } from "../../src/platform/system-ids.ts";
import { openStore } from "../../src/store/open-store.ts";
import { makeMessage } from "../support/store-records.ts";

/** A process that works on a store: `store-child <home> open | number <times> | send <times> | fill | hold`. */
const [home = "", action = "", times = "0"] = process.argv.slice(2);
const clock = new SystemClock();
const ids = new SystemIds(clock);
const say = (line: unknown) => writeSync(1, `${JSON.stringify(line)}\n`);

try {
  const store = await openStore({ home, environment: {}, clock, ids, lockTimeoutMs: 20_000 });
  switch (action) {
    case "open":
      say(await store.health());
      break;
    case "number":
      for (let count = 0; count < Number(times); count++) say(await store.sessions.takeAgentNumber("ses_1"));
      break;
    case "send":
      for (let count = 0; count < Number(times); count++) {
        say((await store.messages.insert(makeMessage({ id: ids.next("msg"), text: "x".repeat(500) }))).seq);
      }
      break;
    case "fill":
      for (;;) say((await store.messages.insert(makeMessage({ id: ids.next("msg"), text: "x".repeat(200_000) }))).seq);
    case "hold":
      await store.transaction(async () => {
        say("holding");
        await clock.sleep(60_000);
      });
  }
  await store.close();
} catch (error) {
  say({ code: (error as { code?: string }).code, message: String(error) });
}
