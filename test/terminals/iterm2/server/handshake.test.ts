import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { RawClient } from "../../../support/iterm2-server/raw-client.ts";
import {
  type Iterm2Server,
  type Iterm2ServerOptions,
  startIterm2Server,
} from "../../../support/iterm2-server/server.ts";
import { watchTcp } from "../../../support/iterm2-server/tcp-watch.ts";

const OSASCRIPT = "/usr/bin/osascript";
const ASK = 'tell application "iTerm2" to request cookie and key for app named "it \\"is\\" us"';
const IS_RUNNING = 'application "iTerm2" is running';

const servers: Iterm2Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose();
});

async function start(options: Iterm2ServerOptions = {}): Promise<Iterm2Server> {
  const server = await startIterm2Server(options);
  servers.push(server);
  return server;
}

async function statusOf(
  server: Iterm2Server,
  headers: Record<string, string | undefined> = {},
  requestLine?: string,
): Promise<number> {
  const client = await RawClient.open(server.socketPath, headers, requestLine);
  client.close();
  return client.status;
}

describe("the handshake of the fake iTerm2", () => {
  it("lies on a socket that only its owner may use", async () => {
    const server = await start();
    const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

    expect(server.socketPath).toBe(path.join(server.home, "Library/Application Support/iTerm2/private/socket"));
    expect(await mode(server.socketPath)).toBe("600");
    expect(await mode(path.dirname(server.socketPath))).toBe("700");
  });

  it.each([
    ["3.6", "1.11"],
    ["3.7", "1.17"],
  ] as const)("of %s tells protocol %s and our subprotocol", async (profile, version) => {
    const server = await start({ profile, auth: "disabled" });
    const client = await RawClient.open(server.socketPath);
    client.close();

    expect(client.status).toBe(101);
    expect(client.head).toContain(`X-iTerm2-Protocol-Version: ${version}\r\n`);
    expect(client.head).toContain("Sec-WebSocket-Protocol: api.iterm2.com\r\n");
    // The example of RFC 6455.
    expect(client.head).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    expect(client.head).not.toContain("Extensions");
  });

  it("accepts what the rules leave open", async () => {
    const server = await start({ auth: "disabled" });

    expect(await statusOf(server, { Host: "127.0.0.1:80", Origin: "https://localhost:1/x" })).toBe(101);
    expect(await statusOf(server, { Host: "[::1]", Upgrade: "WebSocket", Connection: "upgrade" })).toBe(101);
    expect(await statusOf(server, { "x-iterm2-library-version": "python 0.24" })).toBe(101);
  });

  it("refuses every malformed upgrade with a bare 400", async () => {
    const server = await start({ auth: "disabled" });
    const wrong: [Record<string, string | undefined>, string?][] = [
      [{ Host: "example.org" }],
      [{ Host: undefined }],
      [{ Origin: undefined }],
      [{ Origin: "http://localhost.example.org/" }],
      [{ Upgrade: "h2c" }],
      [{ Upgrade: undefined }],
      [{ Connection: "keep-alive, Upgrade" }],
      [{ "Sec-WebSocket-Protocol": "api.iterm2.com, other" }],
      [{ "Sec-WebSocket-Protocol": undefined }],
      [{ "Sec-WebSocket-Version": "8" }],
      [{ "Sec-WebSocket-Key": undefined }],
      [{ "x-iterm2-library-version": undefined }],
      [{ "x-iterm2-library-version": "node 1.0.0" }],
      [{ "x-iterm2-library-version": "node" }],
      [{ "Content-Length": "0" }],
      [{ "x-long": "a".repeat(4095) }],
      [Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, "1"]))],
      [{}, "GET /other HTTP/1.1"],
      [{}, "POST / HTTP/1.1"],
      [{}, "GET / HTTP/1.0"],
    ];

    for (const [headers, requestLine] of wrong) {
      const client = await RawClient.open(server.socketPath, headers, requestLine);
      expect([headers, requestLine, client.head]).toEqual([headers, requestLine, "HTTP/1.1 400 Bad Request\r\n\r\n"]);
      expect(await client.ended).toEqual([]);
    }
  });

  it("refuses an old python with 406", async () => {
    expect(await statusOf(await start({ auth: "disabled" }), { "x-iterm2-library-version": "python 0.23" })).toBe(406);
  });

  it("counts a missing x-iterm2-disable-auth-ui as a violation", async () => {
    const server = await start({ auth: "disabled" });

    await statusOf(server, { "x-iterm2-disable-auth-ui": undefined });

    expect(server.violations.take()).toEqual([expect.stringContaining("modal alert")]);
  });

  it("takes a cookie once", async () => {
    const server = await start();
    const cookie = server.cookies.issue().cookie;

    expect(await statusOf(server)).toBe(401);
    expect(await statusOf(server, { "x-iterm2-cookie": "f".repeat(32) })).toBe(401);
    expect(await statusOf(server, { "x-iterm2-cookie": cookie })).toBe(101);
    expect(await statusOf(server, { "x-iterm2-cookie": cookie })).toBe(401);
  });

  it("knows no cookie of the iTerm2 before, and accepts none when it always denies", async () => {
    const server = await start();
    const cookie = server.cookies.issue().cookie;
    await server.restart();
    const denying = await start({ auth: "deny" });

    expect(await statusOf(server, { "x-iterm2-cookie": cookie })).toBe(401);
    expect(await statusOf(denying, { "x-iterm2-cookie": denying.cookies.issue().cookie })).toBe(401);
  });

  it("fails on demand", async () => {
    const server = await start({ auth: "disabled" });
    server.inject.handshakes(undefined, 401, "eof");

    expect(await statusOf(server)).toBe(101);
    expect(await statusOf(server)).toBe(401);
    expect(await statusOf(server)).toBe(0);
    expect(await statusOf(server)).toBe(101);
    expect(server.accepted).toBe(2);
  });

  it("has no socket before iTerm2 runs, and leaves a dead one when it crashes", async () => {
    const server = await start({ auth: "disabled", isRunning: false });

    await expect(RawClient.open(server.socketPath)).rejects.toMatchObject({ code: "ENOENT" });
    await server.start();
    expect(await statusOf(server)).toBe(101);
    await server.stop({ isCrash: true });
    await expect(RawClient.open(server.socketPath)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.start();
    expect(await statusOf(server)).toBe(101);
    await server.stop();
    await expect(RawClient.open(server.socketPath)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("the fake osascript", () => {
  it("answers whether iTerm2 runs, and hands out a cookie that opens a connection", async () => {
    const server = await start();
    const running = await server.osascript.run(OSASCRIPT, ["-e", IS_RUNNING]);
    const { stdout, exitCode } = await server.osascript.run(OSASCRIPT, ["-"], { input: ASK });

    expect(running.stdout).toBe("true\n");
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^[0-9a-f]{32} [0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\n$/),
    ]);
    expect(server.osascript.appNames).toEqual(['it "is" us']);
    const [cookie = "", key = ""] = stdout.trim().split(" ");
    expect(await statusOf(server, { "x-iterm2-cookie": cookie, "x-iterm2-key": key })).toBe(101);
    expect(server.secrets).toEqual([cookie, key]);
  });

  it("gives the cookie alone when no key was asked for", async () => {
    const server = await start();
    const { stdout } = await server.osascript.run(OSASCRIPT, [], { input: ASK.replace(" and key", "") });

    expect(stdout).toMatch(/^[0-9a-f]{32}\n$/);
  });

  it.each([
    ["not-permitted", "-1743"],
    ["api-disabled", "(1)"],
    ["denied", "(2)"],
    ["too-old", "-2741"],
  ] as const)("fails as when it is %s", async (mode, code) => {
    const server = await start();
    server.osascript.mode = mode;

    const { exitCode, stderr, stdout } = await server.osascript.run(OSASCRIPT, [], { input: ASK });
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(code);
  });

  it("answers garbage, or never", async () => {
    const server = await start();
    server.osascript.mode = "garbage";
    expect((await server.osascript.run(OSASCRIPT, [], { input: ASK })).stdout).toBe("missing value\n");

    server.osascript.mode = "never";
    expect((await server.osascript.run(OSASCRIPT, [], { input: ASK, timeoutMs: 1 })).reason).toBe("timed-out");
    const aborted = await server.osascript.run(OSASCRIPT, [], { input: ASK, signal: AbortSignal.abort() });
    expect(aborted.reason).toBe("cancelled");
  });

  it("counts it as a violation when a question would start iTerm2", async () => {
    const server = await start({ isRunning: false });

    expect((await server.osascript.run(OSASCRIPT, [], { input: IS_RUNNING })).stdout).toBe("false\n");
    const guarded = `if ${IS_RUNNING} then\n${ASK}\nelse\nreturn "not running"\nend if`;
    expect((await server.osascript.run(OSASCRIPT, [], { input: guarded })).stdout).toBe("not running\n");
    expect(server.violations.list).toEqual([]);

    await server.osascript.run(OSASCRIPT, [], { input: ASK });
    expect(server.violations.take()).toEqual([expect.stringContaining("it starts")]);
  });

  it("exists as a file that a process of its own can run", async () => {
    const server = await start();
    const { stdout } = await promisify(execFile)(server.osascriptProgram, ["-e", ASK]);

    expect(await statusOf(server, { "x-iterm2-cookie": stdout.slice(0, 32) })).toBe(101);
  });
});

describe("the watch on TCP", () => {
  it("sees a TCP connection, and none to a Unix socket", async () => {
    const folder = await mkdtemp("/tmp/tcp-watch-");
    const watch = watchTcp();
    try {
      for (const socket of [connect(path.join(folder, "nothing")), connect({ host: "127.0.0.1", port: 1 })]) {
        await new Promise((resolve) => socket.once("error", resolve));
      }
    } finally {
      watch.stop();
      await rm(folder, { recursive: true });
    }

    expect(watch.attempts).toEqual(["127.0.0.1:1"]);
  });
});
