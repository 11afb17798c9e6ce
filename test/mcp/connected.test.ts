import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";
import { RawClient } from "./support/raw-client.ts";

const BIN = new URL("../../bin/run.js", import.meta.url).pathname;

test("an agent's server leaves a mark when Claude Code has asked for its tools, not before", async () => {
  const folder = await temporaryDirectory();
  const mark = join(folder.path, "connected");
  const variables = [`CLAUDE_ORCH_HOME=${join(folder.path, "orch")}`, `CLAUDE_ORCH_CONNECTED_FILE=${mark}`];
  const client = new RawClient("/usr/bin/env", ["-i", ...variables, process.execPath, BIN, "mcp"]);
  onTestFinished(async () => {
    client.child.kill("SIGKILL");
    await client.exited;
    await folder.remove();
  });

  await client.initialise();
  await client.request("prompts/list");
  expect(existsSync(mark)).toBe(false);
  await client.request("tools/list");

  await waitFor("the mark", () => (existsSync(mark) ? true : undefined));
});
