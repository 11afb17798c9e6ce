import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SystemClock } from "../../../../src/platform/system-clock.ts";
import { activateSession } from "../../../../src/terminals/iterm2/client/activate.ts";
import { Iterm2Client } from "../../../../src/terminals/iterm2/client/client.ts";
import { closeSessions } from "../../../../src/terminals/iterm2/client/close.ts";
import { getFocus } from "../../../../src/terminals/iterm2/client/focus.ts";
import { invokeFunction } from "../../../../src/terminals/iterm2/client/functions.ts";
import { listSessions } from "../../../../src/terminals/iterm2/client/listing.ts";
import { createTab, splitPane } from "../../../../src/terminals/iterm2/client/open.ts";
import { getProfileProperties, setProfileProperties } from "../../../../src/terminals/iterm2/client/profile.ts";
import { getProperty, setProperty } from "../../../../src/terminals/iterm2/client/properties.ts";
import { getScreen, getTrailingLines } from "../../../../src/terminals/iterm2/client/screen.ts";
import { sendText } from "../../../../src/terminals/iterm2/client/send-text.ts";
import { subscribe } from "../../../../src/terminals/iterm2/client/subscribe.ts";
import { setVariables } from "../../../../src/terminals/iterm2/client/variables.ts";
import { clientOptions } from "./client-options.ts";
import { type GoldenServer, startGoldenServer } from "./golden-server.ts";

/** Bytes worked out by hand from the field numbers of iterm2-facts §2, not with the code under test. */
describe("iTerm2 client on the wire", () => {
  let server: GoldenServer;
  let client: Iterm2Client;
  let answers: string[] = [];

  beforeEach(async () => {
    server = await startGoldenServer(() => answers.splice(0, 1));
    client = new Iterm2Client(clientOptions({ socketPath: server.socketPath }));
  });
  afterEach(async () => {
    await client.close();
    await server.dispose();
  });

  /** One call, one answer: the bytes that were sent. */
  async function sent<T>(answer: string, call: () => Promise<T>): Promise<[string, T]> {
    answers = [answer];
    const result = await call();
    return [server.frames.at(-1) ?? "", result];
  }

  it("sends the headers of the handshake", async () => {
    await client.connect();

    expect(server.handshakes[0]).toMatchObject({
      host: "localhost",
      origin: "ws://localhost/",
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-protocol": "api.iterm2.com",
      "sec-websocket-version": "13",
      "x-iterm2-library-version": "node 1.0",
      "x-iterm2-advisory-name": "claude-orch test",
      "x-iterm2-disable-auth-ui": "true",
    });
    expect(server.handshakes[0]).not.toHaveProperty("sec-websocket-extensions");
    expect(server.handshakes[0]).not.toHaveProperty("x-iterm2-cookie");
    expect((await client.capabilities()).protocolVersion).toEqual({ major: 1, minor: 11 });
  });

  it("gives requests five seconds, those that open a pane fifteen, and leaves no timer behind", async () => {
    const running = new Set<number>();
    const clock = new SystemClock();
    clock.every = (ms) => {
      running.add(ms);
      return () => running.delete(ms);
    };
    const other = new Iterm2Client(clientOptions({ socketPath: server.socketPath, clock }));
    await other.connect();
    expect([...running]).toEqual([]);
    const pending = [listSessions(other), createTab(other, {}), invokeFunction(other, "f", {})].map((call) =>
      expect(call).rejects.toMatchObject({ code: "CLOSED" }),
    );
    await expect.poll(() => [...running]).toEqual([5_000, 15_000, 6_000]);
    await other.close();
    await Promise.all(pending);
    expect([...running]).toEqual([]);
  });

  it("ListSessions: windows, split trees, minimised and buried sessions", async () => {
    const leaf = "0a 0e 0a 01 41 1a 04 08 50 10 19 22 03 ce b1 62"; // session 1 {id A, grid 80×25, title αb}
    const node = "12 0d 12 0b 08 00 12 07 0a 05 0a 01 42 22 00"; // node 2 {vertical false, link {session {id B, title ""}}}
    const root = `1a 23 08 01 12 10 ${leaf} ${node}`; // vertical true, two links
    const tab = `12 01 33 ${root} 2a 02 74 78 32 03 0a 01 4d`; // tab_id 3, tmux_connection_id tx, minimised M
    const window = `0a 31 ${tab} 12 01 57 20 02`; // tab, window_id W, number 2
    const message = `0a 38 ${window} 12 03 0a 01 5a`; // window, buried Z
    const [frame, listing] = await sent(`08 01 d2 06 3f ${message}`, () => listSessions(client));

    expect(frame).toBe("08 01 d2 06 00");
    expect(listing.sessions.map(({ sessionId, place }) => `${sessionId} ${place}`)).toEqual([
      "A visible",
      "B visible",
      "M minimized",
      "Z buried",
    ]);
    expect(listing.sessions[0]).toEqual({
      sessionId: "A",
      title: "αb",
      grid: { columns: 80, rows: 25 },
      place: "visible",
      tabId: "3",
      windowId: "W",
      isTmux: true,
    });
    expect(listing.windows[0]).toMatchObject({
      windowId: "W",
      number: 2,
      tabs: [{ tabId: "3", root: { vertical: true } }],
    });
  });

  it("CreateTab: always says select_tab, and takes INVALID_TAB_INDEX with ids for a warning", async () => {
    const [frame, tab] = await sent("08 01 e2 06 0a 08 03 12 01 57 18 07 22 01 53", () =>
      createTab(client, { windowId: "W", tabIndex: 2, profile: { K: "v" } }),
    );

    expect(frame).toBe("08 01 e2 06 11 12 01 57 18 02 2a 08 0a 01 4b 12 03 22 76 22 30 00");
    expect(tab).toEqual({ windowId: "W", tabId: "7", sessionId: "S", warning: "INVALID_TAB_INDEX" });
  });

  it("SplitPane", async () => {
    const [frame, pane] = await sent("08 01 ea 06 03 12 01 4e", () =>
      splitPane(client, "S", { direction: "horizontal", before: true }),
    );

    expect(frame).toBe("08 01 ea 06 07 0a 01 53 10 01 18 01");
    expect(pane).toEqual({ sessionId: "N" });
  });

  it("SendText: suppresses broadcast, replaces half a surrogate pair, names status and session of a failure", async () => {
    const [frame] = await sent("08 01 da 06 00", () => sendText(client, "S", "h\ud800"));
    expect(frame).toBe("08 01 da 06 0b 0a 01 53 12 04 68 ef bf bd 18 01");

    answers = ["08 02 da 06 02 08 01"];
    await expect(sendText(client, "S", "hi")).rejects.toMatchObject({
      code: "REQUEST_FAILED",
      details: { request: "sendText", status: "SESSION_NOT_FOUND", ids: ["S"], sentCodePoints: 0 },
    });
    expect(server.frames[1]).toBe("08 02 da 06 09 0a 01 53 12 02 68 69 18 01");
  });

  it("GetBuffer: empty cells become blanks, wrapped rows one line, the cursor a row", async () => {
    const wrapped = "1a 16 0a 02 61 62 12 04 08 01 10 01 12 04 08 00 10 02 12 02 10 01 18 02";
    const ended = "1a 07 0a 01 63 12 02 10 01";
    const cursor = "22 05 08 01 10 e9 07";
    const range = "32 09 0a 07 0a 05 08 00 10 e8 07";
    const [frame, screen] = await sent(`08 01 a2 06 33 ${wrapped} ${ended} ${cursor} ${range}`, () =>
      getScreen(client, "S"),
    );

    expect(frame).toBe("08 01 a2 06 07 0a 01 53 12 02 08 01");
    expect(screen.rows.map(({ text }) => text)).toEqual(["a  b", "c"]);
    expect(screen.lines).toEqual(["a  bc"]);
    expect(screen).toMatchObject({ cursor: { column: 1, row: 1 }, firstRow: 1000 });

    const [trailing] = await sent("08 02 a2 06 00", () => getTrailingLines(client, "S", 1_000_000));
    expect(trailing).toBe("08 02 a2 06 08 0a 01 53 12 03 10 88 27");
  });

  it("Variable: sets and reads back in one request", async () => {
    const name = "06 75 73 65 72 2e 74";
    const [frame, values] = await sent("08 01 9a 07 05 12 03 22 78 22", () =>
      setVariables(client, { sessionId: "S" }, { "user.t": "x" }),
    );

    expect(frame).toBe(`08 01 9a 07 1a 0a 01 53 12 0d 0a ${name} 12 03 22 78 22 1a ${name}`);
    expect(values).toEqual({ "user.t": "x" });
  });

  it("Close: always forces, and tells the result of each id", async () => {
    const [frame, results] = await sent("08 01 9a 08 08 08 00 08 01 08 02 08 09", () =>
      closeSessions(client, ["A", "B", "C", "D"]),
    );

    expect(frame).toBe("08 01 9a 08 10 12 0c 0a 01 41 0a 01 42 0a 01 43 0a 01 44 20 01");
    expect([...results.values()]).toEqual(["closed", "not-found", "declined", "STATUS_9"]);
  });

  it("profile and properties", async () => {
    const [set] = await sent("08 01 ca 06 00", () => setProfileProperties(client, "S", { K: 1 }));
    expect(set).toBe("08 01 ca 06 0b 0a 01 53 2a 06 0a 01 4b 12 01 31");

    const [get, values] = await sent("08 02 f2 06 08 1a 06 0a 01 4b 12 01 31", () =>
      getProfileProperties(client, "S", ["K"]),
    );
    expect(get).toBe("08 02 f2 06 06 0a 01 53 12 01 4b");
    expect(values).toEqual({ K: 1 });

    const [setBuried, result] = await sent("08 03 fa 06 02 08 04", () =>
      setProperty(client, { sessionId: "S" }, "b", true),
    );
    expect(setBuried).toBe("08 03 fa 06 0c 1a 01 62 22 04 74 72 75 65 2a 01 53");
    expect(result).toBe("deferred");

    const [getBuried, buried] = await sent("08 04 82 07 06 12 04 74 72 75 65", () =>
      getProperty(client, { sessionId: "S" }, "b"),
    );
    expect(getBuried).toBe("08 04 82 07 06 12 01 62 1a 01 53");
    expect(buried).toBe(true);
  });

  it("Activate and Focus", async () => {
    const [frame] = await sent("08 01 92 07 00", () => activateSession(client, "S", { activateApp: true }));
    expect(frame).toBe("08 01 92 07 0f 1a 01 53 20 01 28 01 30 01 3a 04 08 00 10 01");

    // application_active true, window {is current, W}; then no windows in the listing
    answers = ["08 02 aa 07 0d 0a 02 08 01 0a 07 12 05 08 01 12 01 57", "08 03 d2 06 00"];
    expect(await getFocus(client)).toEqual({ isAppActive: true, windowId: "W" });
    expect(server.frames[1]).toBe("08 02 aa 07 00");
  });

  it("InvokeFunction: by receiver, with a time-out, its failures with the reason", async () => {
    const [frame, result] = await sent("08 01 a2 08 08 12 06 0a 04 6e 75 6c 6c", () =>
      invokeFunction(client, "f", {}, { receiver: "7" }),
    );
    expect(frame).toBe("08 01 a2 08 13 2a 03 66 28 29 31 00 00 00 00 00 00 14 40 3a 03 0a 01 37");
    expect(result).toBe(null);

    answers = ["08 02 a2 08 07 0a 05 08 04 12 01 78"];
    await expect(invokeFunction(client, "f", {})).rejects.toMatchObject({
      code: "REQUEST_FAILED",
      details: { status: "INVALID_ID", reason: "x" },
    });
  });

  it("Notification: an event that comes before the answer is not lost", async () => {
    const screen = "c2 3e 05 12 03 0a 01 53";
    const promise = subscribe(client, [{ type: "screen-update", sessionId: "S" }]);
    const socket = await expectSocket(server);
    await expect.poll(() => server.frames).toEqual(["08 01 ba 06 07 0a 01 53 10 01 18 02"]);
    socket.send(Buffer.from(screen.replaceAll(" ", ""), "hex"));
    socket.send(Buffer.from("0801ba0600", "hex"));
    const subscription = await promise;

    expect(await subscription.next()).toEqual({ done: false, value: { type: "screen-update", sessionId: "S" } });
    await subscription.return();
    await expect.poll(() => server.frames.at(-1)).toBe("08 02 ba 06 07 0a 01 53 10 00 18 02");
  });

  it("monitors a variable", async () => {
    const monitor = "0a 01 76 10 01 1a 01 53";
    const [frame, subscription] = await sent("08 01 ba 06 02 08 04", () =>
      subscribe(client, [{ type: "variable-change", scope: "session", identifier: "S", name: "v" }]),
    );
    expect(frame).toBe(`08 01 ba 06 0e 10 01 18 0c 32 08 ${monitor}`);

    const socket = await expectSocket(server);
    // Of another variable first: {scope 1, identifier S, name w, value 1}
    socket.send(Buffer.from("c23e0e620c0801120153" + "1a0177" + "220131", "hex"));
    socket.send(Buffer.from("c23e0d620b0801120153" + "1a0176" + "220131", "hex"));
    expect(await subscription.next()).toMatchObject({ value: { type: "variable-change", name: "v", value: 1 } });
  });

  it("goes on after frames that are no messages, and after text", async () => {
    await client.connect();
    const socket = await expectSocket(server);
    socket.send(Buffer.from("0801d206ff", "hex"));
    socket.send("text");

    const [, listing] = await sent("08 01 d2 06 00", () => listSessions(client));

    expect(listing.sessions).toEqual([]);
  });
});

async function expectSocket(server: GoldenServer) {
  await expect.poll(() => server.sockets.length).toBeGreaterThan(0);
  const socket = server.sockets.at(-1);
  if (!socket) throw new Error("no socket");
  return socket;
}
