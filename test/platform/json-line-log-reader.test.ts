import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JsonLineLogReader } from "../../src/platform/json-line-log-reader.ts";
import { JsonLineLogger } from "../../src/platform/json-line-logger.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  folder = await temporaryDirectory();
});
afterEach(() => folder.remove());

test("reads an agent's lines over midnight, and nobody else's; half a line and other files disturb nothing", async () => {
  let now = Date.parse("2026-11-21T23:59:58Z");
  const start = now;
  const logger = new JsonLineLogger({ directory: folder.path, level: "info", clock: { now: () => now } });
  logger.info("agent.opened", { agentId: "agt_1", role: "tester" });
  logger.info("agent.opened", { agentId: "agt_2" });
  logger.info("message.queued", { agentId: "agt_2", sender: "agt_1" });
  const file = join(folder.path, "claude-orch-2026-11-21.log");
  await appendFile(file, '{"time":"2026-11-21T23:59:59Z","event":"agent.ready","agentId":"agt_1"\n');
  await appendFile(file, 'agt_1\n{"agentId":"agt_1"}\n');
  await writeFile(join(folder.path, "notes.log"), '{"agentId":"agt_1","event":"x","time":"2026-11-22T00:00:00Z"}\n');
  await mkdir(join(folder.path, "claude-orch-2026-11-23.log"));
  now += 4_000;
  logger.warn("message.failed", { agentId: "agt_1", messageId: "msg_1" });

  const reader = new JsonLineLogReader(folder.path);

  expect(await reader.ofAgent("agt_1", start)).toEqual([
    { at: start, level: "info", event: "agent.opened", fields: { agentId: "agt_1", role: "tester" } },
    { at: now, level: "warn", event: "message.failed", fields: { agentId: "agt_1", messageId: "msg_1" } },
  ]);
  expect((await reader.ofAgent("agt_1", start + 1)).map(({ event }) => event)).toEqual(["message.failed"]);
  expect(await reader.ofAgent("agt_1", now + 1)).toEqual([]);
  expect(await new JsonLineLogReader(join(folder.path, "nowhere")).ofAgent("agt_1", 0)).toEqual([]);
});

test("a line separator inside a text does not cut its line in two", async () => {
  const logger = new JsonLineLogger({ directory: folder.path, level: "info", clock: { now: () => 1_000 } });

  logger.warn("message.failed", { agentId: "agt_1", reason: "one\u2028two\u2029three" });

  // Node 24 ends a line there, Node 20 does not.
  expect(await readFile(logger.path, "utf8")).not.toMatch(/[\u2028\u2029]/);
  const found = await new JsonLineLogReader(folder.path).ofAgent("agt_1", 0);
  expect(found.map(({ fields }) => fields.reason)).toEqual(["one\u2028two\u2029three"]);
});
