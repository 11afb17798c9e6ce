import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeBackend } from "../../../src/terminals/fake/backend.ts";
import { type FakeHarness, makeFakeHarness } from "./fake-harness.ts";

describe("the lock of a fake terminal", () => {
  let fake: FakeHarness;

  beforeEach(async () => {
    fake = await makeFakeHarness();
  });
  afterEach(() => fake.dispose());

  it("is taken over from a process that died with it, by one of many that want it", async () => {
    const ref = await fake.backend.open(await fake.request());
    const lock = join(fake.options.home, "fake", `${ref.id}.lock`);
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    await writeFile(lock, JSON.stringify({ pid: child.pid, startedAt: "1" }));

    await Promise.all(Array.from({ length: 10 }, (_, index) => fake.send(ref, `message ${index}`)));

    const prompts = (await fake.events(ref)).filter((event) => event.hook_event_name === "UserPromptSubmit");
    expect(prompts).toHaveLength(10);
    expect(existsSync(lock)).toBe(false);
  });

  it("is respected while its holder lives, for a bounded time", async () => {
    const ref = await fake.backend.open(await fake.request());
    const lock = join(fake.options.home, "fake", `${ref.id}.lock`);
    await writeFile(lock, JSON.stringify(fake.options.processes.self()));
    const backend = new FakeBackend({ ...fake.options, timeoutMs: 30 });

    await expect(backend.close(ref)).rejects.toMatchObject({ code: "BACKEND_COMMAND_FAILED" });
    await expect(backend.close(ref, AbortSignal.timeout(5))).rejects.toMatchObject({ code: "CANCELLED" });
    expect(existsSync(lock)).toBe(true);
  });
});
