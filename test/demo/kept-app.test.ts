import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keepApp, placeToKeep } from "../../src/demo/kept-app.ts";

const isRoot = process.getuid?.() === 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "claude-orch-kept-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("R4-59: the app may be kept in an empty folder, and in one whose parents are not there yet", async () => {
  expect(await placeToKeep(folder)).toBe(folder);
  expect(await placeToKeep(path.join(folder, "a", "b"))).toBe(path.join(folder, "a", "b"));
});

it.skipIf(isRoot)("R4-59: a place that cannot be written to is refused before the app is built", async () => {
  await chmod(folder, 0o500);
  for (const place of [folder, path.join(folder, "a", "b")]) {
    await expect(placeToKeep(place)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: `Nothing can be written to ${folder}`,
    });
  }
});

it("R4-59: makes the folder with its parents, and gives up where none can be made", async () => {
  const deep = path.join(folder, "new", "deep");
  await keepApp(folder, [], deep);
  expect((await stat(deep)).isDirectory()).toBe(true);

  if (process.platform === "linux") {
    await expect(keepApp(folder, [], "/proc/claude-orch/app")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  }
});
