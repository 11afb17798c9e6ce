import { writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Iterm2Client } from "../../../../src/terminals/iterm2/client/client.ts";
import { listSessions } from "../../../../src/terminals/iterm2/client/listing.ts";
import type { ClientOptions, ScriptRunner } from "../../../../src/terminals/iterm2/client/options.ts";
import { subscribe } from "../../../../src/terminals/iterm2/client/subscribe.ts";
import {
  type Iterm2Server,
  type Iterm2ServerOptions,
  startIterm2Server,
} from "../../../support/iterm2-server/server.ts";
import { watchTcp } from "../../../support/iterm2-server/tcp-watch.ts";
import { clientOptions, SleepingClock } from "./client-options.ts";

describe("iTerm2 client: connecting to the faithful server", () => {
  const servers: Iterm2Server[] = [];
  const clients: Iterm2Client[] = [];
  let tcp: ReturnType<typeof watchTcp>;
  /** Every error and log of the test: searched for secrets at its end. */
  let said: unknown[] = [];

  beforeEach(() => {
    said = [];
    tcp = watchTcp();
  });
  afterEach(async () => {
    tcp.stop();
    await Promise.all(clients.splice(0).map((client) => client.close()));
    const text = said.map((thing) => inspect(thing, { depth: 12, showHidden: true })).join("\n");
    for (const server of servers.splice(0)) {
      for (const secret of server.secrets) expect(text).not.toContain(secret);
      await server.dispose();
    }
    expect(tcp.attempts).toEqual([]);
  });

  async function world(options: Iterm2ServerOptions = {}, more: Partial<ClientOptions> = {}) {
    const server = await startIterm2Server(options);
    servers.push(server);
    return { server, client: clientOf(server, more) };
  }

  function clientOf(server: Iterm2Server, more: Partial<ClientOptions> = {}): Iterm2Client {
    const options = clientOptions({ socketPath: server.socketPath, processes: server.osascript, ...more });
    said.push(options.log);
    const client = new Iterm2Client(options);
    clients.push(client);
    return client;
  }

  async function failureOf(promise: Promise<unknown>): Promise<unknown> {
    const error = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    said.push(error);
    return error;
  }

  it.each(["3.6", "3.7"] as const)(
    "connects to iTerm2 %s with a cookie of its own and knows what it can do",
    async (profile) => {
      const { server, client } = await world({ profile });

      expect(await client.capabilities()).toEqual({
        protocolVersion: { major: 1, minor: profile === "3.6" ? 11 : 17 },
        selectTab: profile === "3.7",
      });
      expect(server.osascript.appNames).toEqual(["claude-orch test"]);
    },
  );

  it("uses a cookie from the environment once, and replaces a stale one once", async () => {
    const { server } = await world();
    const fresh = clientOf(server, { credentials: server.cookies.issue() });
    await fresh.connect();
    expect(server.osascript.scripts).toEqual([]);

    const stale = clientOf(server, { credentials: { cookie: "0".repeat(32) } });
    await stale.connect();
    expect(server.osascript.appNames.length).toBe(1);

    server.dropConnections();
    await expect.poll(() => server.connections.length).toBe(0);
    await listSessions(fresh);
    expect(server.osascript.appNames.length).toBe(2);
    // Only the stale one: what opened a connection is not tried for the next.
    expect(JSON.stringify(said).match(/cookie\.refused/g)).toHaveLength(1);
  });

  it("asks for a second cookie after a 401, and then stops", async () => {
    const { server, client } = await world();
    server.inject.handshakes(401);
    await client.connect();
    expect(server.osascript.appNames.length).toBe(2);

    const denied = await world({ auth: "deny" });
    expect(await failureOf(denied.client.connect())).toMatchObject({
      code: "UNAUTHORIZED",
      hint: expect.stringContaining("Magic"),
    });
    expect(denied.server.osascript.appNames.length).toBe(2);
  });

  it.each([
    ["not-permitted", "AUTOMATION_DENIED"],
    ["api-disabled", "API_DISABLED"],
    ["denied", "UNAUTHORIZED"],
    ["too-old", "SCRIPT_FAILED"],
    ["garbage", "SCRIPT_FAILED"],
    ["never", "SCRIPT_FAILED"],
  ] as const)("osascript says %s: %s, without asking again", async (mode, code) => {
    const { server, client } = await world({}, { scriptTimeoutMs: 50, connectPatienceMs: 60_000 });
    server.osascript.mode = mode;

    expect(await failureOf(client.connect())).toMatchObject({ name: "Iterm2Error", code });
    expect(server.osascript.scripts.length).toBeLessThanOrEqual(2);
  });

  it("keeps half a cookie, or one in the wrong place, to itself", async () => {
    const { server } = await world({ auth: "deny" });
    const half = "5ec2e7".repeat(5);
    for (const answer of [
      { exitCode: 0, stdout: half, stderr: "" },
      { exitCode: 1, stdout: half, stderr: `${half} (-50)` },
    ]) {
      const run: ScriptRunner["run"] = async (_file, _args, { input }) => {
        const isQuestion = !input.includes("cookie");
        return { reason: "exited", ...(isQuestion ? { exitCode: 0, stdout: "true\n", stderr: "" } : answer) };
      };
      const error = await failureOf(clientOf(server, { processes: { run } }).connect());
      expect(error).toMatchObject({ code: "SCRIPT_FAILED" });
      expect(inspect([error, said], { depth: 12, showHidden: true })).not.toContain(half);
    }
  });

  it("connects without a cookie when AppleScript cannot be used and iTerm2 asks for none", async () => {
    const { server, client } = await world({ auth: "disabled" });
    server.osascript.mode = "not-permitted";
    await client.connect();

    await clientOf(server, {
      processes: { run: async () => ({ reason: "not-found", exitCode: null, stdout: "", stderr: "" }) },
    }).connect();
    expect(server.accepted).toBe(2);
  });

  it("never starts iTerm2: neither at first, nor while it waits for it to come back", async () => {
    const clock = new SleepingClock();
    const { server, client } = await world({ isRunning: false }, { clock, connectPatienceMs: 20_000 });

    expect(await failureOf(client.connect())).toMatchObject({ code: "NOT_RUNNING" });
    expect(clock.slept).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 2250]);
    // Not once was a cookie asked for.
    expect(server.osascript.scripts.filter((script) => script.includes("cookie"))).toEqual([]);
  });

  it.each([
    [400, "HANDSHAKE_REJECTED"],
    [406, "HANDSHAKE_REJECTED"],
    ["hang", "HANDSHAKE_TIMEOUT"],
    ["eof", "HANDSHAKE_DROPPED"],
  ] as const)("handshake answered with %s: %s", async (fault, code) => {
    const { server, client } = await world({}, { handshakeTimeoutMs: 50 });
    server.inject.handshakes(fault);

    expect(await failureOf(client.connect())).toMatchObject({ code });
    // The next caller starts afresh.
    expect((await client.connect()).isOpen).toBe(true);
  });

  it("tries again when iTerm2 closes during the handshake, with a fresh cookie", async () => {
    const clock = new SleepingClock();
    const { server, client } = await world({}, { clock, connectPatienceMs: 5_000 });
    server.inject.handshakes("eof", "eof");
    await client.connect();

    expect(clock.slept).toEqual([250, 500]);
    expect(server.osascript.appNames.length).toBe(3);
  });

  it("tells a missing from a stale socket, and knows from AppleScript why nobody answers", async () => {
    const { server } = await world();
    const credentials = { cookie: "0".repeat(32) };
    await server.stop({ isCrash: true });
    expect(await failureOf(clientOf(server, { credentials }).connect())).toMatchObject({ code: "NOT_RUNNING" });
    const processes: ScriptRunner = { run: (_file, args, options) => server.osascript.run("/none", args, options) };
    const without = (more: Partial<ClientOptions>) => clientOf(server, { credentials, processes, ...more }).connect();
    expect(await failureOf(without({}))).toMatchObject({
      code: "UNREACHABLE",
      details: { reason: "stale-socket" },
    });
    await server.stop();
    const elsewhere = { socketPath: `${server.home}/nothing here` };
    expect(await failureOf(without(elsewhere))).toMatchObject({ details: { reason: "no-socket" } });
    await writeFile(elsewhere.socketPath, "");
    expect(await failureOf(without(elsewhere))).toMatchObject({ code: "UNREACHABLE" });
  });

  it("R2-30 makes one connection for many callers at once, and for 100 calls", async () => {
    const { server, client } = await world();
    await Promise.all(Array.from({ length: 10 }, () => client.connect()));
    for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10 }, () => listSessions(client)));

    expect(server.accepted).toBe(1);
    expect(server.requests.length).toBe(100);
    expect(server.osascript.appNames.length).toBe(1);
  });

  it("R2-30 survives a restart of iTerm2: subscriptions end as lost, the next call connects again", async () => {
    const clock = new SleepingClock();
    const { server, client } = await world({}, { clock });
    const subscription = await subscribe(client, [{ type: "layout-change" }]);
    await server.stop();
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(subscription.end).toBe("lost");

    const before = clock.slept.length;
    let starting: Promise<void> | undefined;
    clock.sleep = async (ms) => {
      clock.slept.push(ms);
      starting ??= server.start();
      await starting;
    };
    expect((await listSessions(client)).sessions).toEqual([]);
    expect(clock.slept.length - before).toBe(1);
    expect(server.accepted).toBe(2);
  });

  it("gives up coming back when its patience ends", async () => {
    const clock = new SleepingClock();
    const { server, client } = await world({}, { clock, reconnectPatienceMs: 1_000 });
    await client.connect();
    await server.stop();
    await expect.poll(() => server.connections.length).toBe(0);

    expect(await failureOf(listSessions(client))).toMatchObject({ code: "NOT_RUNNING" });
    expect(clock.slept).toEqual([250, 500, 250]);
  });

  it("one caller that gives up does not take the connection from the others; the last one ends the attempt", async () => {
    const { server, client } = await world();
    server.osascript.mode = "never";
    const [first, second] = [new AbortController(), new AbortController()];
    const one = failureOf(client.connect(first.signal));
    const two = failureOf(client.connect(second.signal));
    await expect.poll(() => server.osascript.scripts.length).toBe(1);
    first.abort();
    expect(await one).toMatchObject({ code: "ABORTED" });
    second.abort();
    expect(await two).toMatchObject({ code: "ABORTED" });

    server.osascript.mode = "ok";
    expect((await client.connect()).isOpen).toBe(true);
    expect(await failureOf(client.connect(AbortSignal.abort()))).toMatchObject({
      code: "ABORTED",
      details: { outcome: "none" },
    });
  });

  it("close ends attempts, waits, subscriptions; nothing works afterwards and no socket is left", async () => {
    const { server, client } = await world();
    const subscription = await subscribe(client, [{ type: "new-session" }]);
    await client.close();
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(subscription.end).toBe("closed");
    expect(await failureOf(client.connect())).toMatchObject({ code: "CLOSED" });

    const connecting = clientOf(server);
    server.inject.handshakes("hang");
    const attempt = failureOf(connecting.connect());
    await connecting.close();
    expect(await attempt).toMatchObject({ code: "CLOSED" });

    await server.stop();
    const waiting = clientOf(server, { connectPatienceMs: 60_000 });
    const wait = failureOf(waiting.connect());
    await expect.poll(() => JSON.stringify(said)).toContain("iterm2.connect.retry");
    await waiting.close();
    expect(await wait).toMatchObject({ code: "CLOSED" });
    await server.start();
    await expect.poll(() => server.connections.length).toBe(0);
  });
});
