import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SystemKeychain } from "../../src/platform/system-keychain.ts";
import { SystemProcesses } from "../../src/platform/system-processes.ts";

const keychainOn = (bus: string | undefined) =>
  new SystemKeychain({
    processes: new SystemProcesses(),
    environment: bus === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: bus },
    probeTimeoutMs: 1000,
  });

test.runIf(process.platform === "linux")("without a secret service the keychain is not usable", async () => {
  expect(await keychainOn(undefined).isUsable()).toBe(false);
  expect(await keychainOn("unix:path=/nonexistent/bus").isUsable()).toBe(false);
});

test.runIf(process.platform === "linux")("on a bus that never answers the probe ends at its bound", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claude-orch-bus-"));
  const sockets: Socket[] = [];
  const bus = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => bus.listen(join(folder, "bus"), resolve));
  try {
    const start = performance.now();

    expect(await keychainOn(`unix:path=${join(folder, "bus")}`).isUsable()).toBe(false);

    expect(performance.now() - start).toBeLessThan(8000);
  } finally {
    for (const socket of sockets) socket.destroy();
    bus.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a probe that runs without an answer is no usable keychain", async () => {
  const run = async () =>
    ({ reason: "exited", exitCode: 0, signal: null, stdout: '{"secret":null}', stderr: "", durationMs: 1 }) as const;

  expect(await new SystemKeychain({ processes: { run }, environment: {} }).isUsable()).toBe(false);
});
