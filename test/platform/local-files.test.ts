import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Files } from "../../src/operations/context.ts";
import { LocalFiles } from "../../src/platform/local-files.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "claude-orch-files-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: Files = new LocalFiles();

test("a directory is given with its symbolic links resolved", async () => {
  symlinkSync(folder, join(folder, "link"));

  expect(await files.realDirectory(join(folder, "link"))).toBe(folder);
});

test("a missing directory and a file in its place are told apart", async () => {
  writeFileSync(join(folder, "file"), "");

  await expect(files.realDirectory(join(folder, "none"))).rejects.toMatchObject({ code: "SESSION_ROOT_MISSING" });
  await expect(files.realDirectory(join(folder, "file"))).rejects.toMatchObject({
    code: "SESSION_ROOT_NOT_A_DIRECTORY",
  });
  await expect(files.realDirectory(join(folder, "file", "x"))).rejects.toMatchObject({
    code: "SESSION_ROOT_NOT_A_DIRECTORY",
  });
});

test("reads UTF-8 text without its byte order mark, and refuses other bytes", async () => {
  writeFileSync(join(folder, "text"), "\ufeffgrüße\r\n");
  writeFileSync(join(folder, "latin1"), Buffer.from("grüße", "latin1"));

  expect(await files.readText(join(folder, "text"))).toBe("grüße\r\n");
  await expect(files.readText(join(folder, "latin1"))).rejects.toMatchObject({ code: "TEXT_NOT_UTF8" });
  await expect(files.readText(join(folder, "none"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  await expect(files.readText(folder)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

test("what never ends is refused: a device, and a named pipe that nobody writes into", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("sh", ["-c", `mkfifo "$1"`, "sh", pipe]);

  for (const path of [pipe, "/dev/zero"]) {
    await expect(files.readText(path)).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: `${path} is a pipe or a device, not a file`,
    });
  }
});
