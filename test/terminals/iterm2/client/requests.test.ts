import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { activateSession, activateTab, activateWindow } from "../../../../src/terminals/iterm2/client/activate.ts";
import { Iterm2Client } from "../../../../src/terminals/iterm2/client/client.ts";
import { closeSessions, closeWindows } from "../../../../src/terminals/iterm2/client/close.ts";
import { getFocus } from "../../../../src/terminals/iterm2/client/focus.ts";
import { setSessionName, setTabTitle, setWindowTitle } from "../../../../src/terminals/iterm2/client/functions.ts";
import { listSessions } from "../../../../src/terminals/iterm2/client/listing.ts";
import { createTab, splitPane } from "../../../../src/terminals/iterm2/client/open.ts";
import { getProfileProperties, setProfileProperties } from "../../../../src/terminals/iterm2/client/profile.ts";
import { getProperty } from "../../../../src/terminals/iterm2/client/properties.ts";
import { getScreen, getTrailingLines } from "../../../../src/terminals/iterm2/client/screen.ts";
import { isTakingInput, sendText } from "../../../../src/terminals/iterm2/client/send-text.ts";
import { subscribe } from "../../../../src/terminals/iterm2/client/subscribe.ts";
import type { Iterm2Event } from "../../../../src/terminals/iterm2/client/topics.ts";
import { getVariables, setVariables } from "../../../../src/terminals/iterm2/client/variables.ts";
import { type Iterm2Server, startIterm2Server } from "../../../support/iterm2-server/server.ts";
import { clientOptions } from "./client-options.ts";

const NOWHERE = "00000000-0000-0000-0000-000000000000";

describe.each(["3.6", "3.7"] as const)("iTerm2 client: requests to the faithful server, iTerm2 %s", (profile) => {
  let server: Iterm2Server;
  let client: Iterm2Client;

  beforeEach(async () => {
    server = await startIterm2Server({ profile });
    client = new Iterm2Client(clientOptions({ socketPath: server.socketPath, processes: server.osascript }));
  });
  afterEach(async () => {
    await client.close();
    await server.dispose();
  });

  it("opens tabs and panes, lists and closes them", async () => {
    const first = await createTab(client, { profile: { "Badge Text": 'one "two" \\ λ' } });
    const second = await createTab(client, { windowId: first.windowId, tabIndex: 77 });
    expect(second).toMatchObject({ windowId: first.windowId, warning: "INVALID_TAB_INDEX" });
    const pane = await splitPane(client, first.sessionId, { direction: "vertical" });

    const listing = await listSessions(client);
    expect(listing.windows.map(({ windowId }) => windowId)).toEqual([first.windowId]);
    expect(listing.sessions.map(({ sessionId }) => sessionId).sort()).toEqual(
      [first.sessionId, pane.sessionId, second.sessionId].sort(),
    );
    const columns = listing.sessions.filter(({ tabId }) => tabId === first.tabId).map(({ grid }) => grid?.columns ?? 0);
    expect(columns.length).toBe(2);
    expect(Math.max(...columns)).toBeLessThan(80);

    expect(await closeSessions(client, [pane.sessionId, NOWHERE])).toEqual(
      new Map([
        [pane.sessionId, "closed"],
        [NOWHERE, "not-found"],
      ]),
    );
    await closeWindows(client, [first.windowId]);
    expect((await listSessions(client)).sessions).toEqual([]);
  });

  it("every refusal is an error with request, status and ids", async () => {
    const { sessionId, windowId } = await createTab(client, {});
    const refusals: [Promise<unknown>, string, string, string][] = [
      [createTab(client, { windowId: "pty-x" }), "createTab", "INVALID_WINDOW_ID", "pty-x"],
      [createTab(client, { windowId, profileName: "no such" }), "createTab", "INVALID_PROFILE_NAME", windowId],
      [splitPane(client, NOWHERE, { direction: "horizontal" }), "splitPane", "SESSION_NOT_FOUND", NOWHERE],
      [sendText(client, NOWHERE, "x"), "sendText", "SESSION_NOT_FOUND", NOWHERE],
      [getScreen(client, NOWHERE), "getBuffer", "SESSION_NOT_FOUND", NOWHERE],
      [getVariables(client, { sessionId: NOWHERE }, ["pid"]), "variable", "SESSION_NOT_FOUND", NOWHERE],
      [getVariables(client, { tabId: "999" }, ["x"]), "variable", "TAB_NOT_FOUND", "999"],
      [getVariables(client, { windowId: "pty-x" }, ["x"]), "variable", "WINDOW_NOT_FOUND", "pty-x"],
      [getProfileProperties(client, NOWHERE, ["Name"]), "getProfileProperty", "SESSION_NOT_FOUND", NOWHERE],
      [setProfileProperties(client, NOWHERE, { Name: "x" }), "setProfileProperty", "SESSION_NOT_FOUND", NOWHERE],
      [activateSession(client, NOWHERE), "activate", "BAD_IDENTIFIER", NOWHERE],
      [getProperty(client, { sessionId }, "no such"), "getProperty", "UNRECOGNIZED_NAME", sessionId],
      [
        subscribe(client, [{ type: "screen-update", sessionId: NOWHERE }]),
        "notification",
        "SESSION_NOT_FOUND",
        NOWHERE,
      ],
    ];
    for (const [promise, request, status, id] of refusals) {
      await expect(promise).rejects.toMatchObject({
        name: "Iterm2Error",
        code: "REQUEST_FAILED",
        details: { request, status, ids: [id], outcome: "none" },
      });
    }
    await expect(setTabTitle(client, "999", "x")).rejects.toMatchObject({ code: "REQUEST_FAILED" });
    await expect(setVariables(client, { sessionId }, { "user.a.b": 1 })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  it("types text in order and whole, and reads the screen", async () => {
    const { sessionId } = await createTab(client, {});
    const long = "👍漢a".repeat(1500);
    await Promise.all([sendText(client, sessionId, `${long}1`), sendText(client, sessionId, `${long}2`)]);

    const chunks = server.requests.filter(({ name }) => name === "send_text").map(({ body }) => String(body.text));
    expect(chunks.length).toBeGreaterThan(4);
    expect(chunks.join("")).toBe(`${long}1${long}2`);
    await sendText(client, sessionId, "\rtwo  words 漢字 \ud800!");
    await expect
      .poll(async () => (await getScreen(client, sessionId)).lines.join("\n"))
      .toContain("two  words 漢字 \ufffd!");
    const { rows } = await getScreen(client, sessionId);
    expect(rows.length).toBe(25);
    expect((await getTrailingLines(client, sessionId, 30)).rows.length).toBeGreaterThan(25);
    expect(await isTakingInput(client, sessionId)).toBe(true);
    expect(await isTakingInput(client, NOWHERE)).toBe(false);
  });

  it("variables, profile, titles, focus", async () => {
    const one = await createTab(client, {});
    const two = await createTab(client, {});
    const { sessionId, tabId, windowId } = two;
    expect(await setVariables(client, { sessionId }, { "user.tag": { nonce: '"\\' }, "user.n": 7 })).toEqual({
      "user.tag": { nonce: '"\\' },
      "user.n": 7,
    });
    await setVariables(client, { sessionId }, { "user.n": null });
    expect(await getVariables(client, { sessionId }, ["user.n", "user.none", "id"])).toEqual({
      "user.n": null,
      "user.none": null,
      id: sessionId,
    });
    await setProfileProperties(client, sessionId, { "Badge Text": "b" });
    expect(await getProfileProperties(client, sessionId, ["Badge Text"])).toEqual({ "Badge Text": "b" });
    await setTabTitle(client, tabId, 'a "title" \\(session.name)');
    await setWindowTitle(client, windowId, "w");
    await setSessionName(client, sessionId, 'n "x"');
    expect((await listSessions(client)).sessions.find((session) => session.sessionId === sessionId)?.title).toBe(
      'n "x"',
    );

    await activateWindow(client, one.windowId);
    await activateTab(client, one.tabId);
    await activateSession(client, one.sessionId, { activateApp: true });
    expect(await getFocus(client)).toEqual({
      isAppActive: true,
      windowId: one.windowId,
      tabId: one.tabId,
      sessionId: one.sessionId,
    });
  });

  it("hears of what happens from the moment of subscribing, also twice for the same topic", async () => {
    const events: Iterm2Event[] = [];
    const all = await subscribe(client, [
      { type: "new-session" },
      { type: "layout-change" },
      { type: "terminate-session" },
    ]);
    const other = await subscribe(client, [{ type: "new-session" }]);
    const { sessionId } = await createTab(client, {});
    const stop = new AbortController();
    const screen = await subscribe(client, [{ type: "screen-update", sessionId }], { signal: stop.signal });
    const variable = await subscribe(client, [
      { type: "variable-change", scope: "session", identifier: sessionId, name: "user.x" },
    ]);

    await setVariables(client, { sessionId }, { "user.x": "y" });
    await sendText(client, sessionId, "hello");
    expect(await variable.next()).toMatchObject({ value: { type: "variable-change", name: "user.x", value: "y" } });
    expect(await screen.next()).toEqual({ done: false, value: { type: "screen-update", sessionId } });
    stop.abort();
    expect(await screen.next()).toEqual({ done: true, value: undefined });

    for await (const event of all) {
      events.push(event);
      if (event.type === "layout-change" && event.listing.sessions.length === 1) break;
    }
    expect(events[0]).toEqual({ type: "new-session", sessionId });
    expect(await other.next()).toEqual({ done: false, value: { type: "new-session", sessionId } });
    // The first subscriber left; the second still hears.
    const next = await createTab(client, {});
    expect(await other.next()).toEqual({ done: false, value: { type: "new-session", sessionId: next.sessionId } });
  });
});

describe("iTerm2 client: what goes wrong with a request", () => {
  let server: Iterm2Server;
  let client: Iterm2Client;

  beforeEach(async () => {
    server = await startIterm2Server();
    client = new Iterm2Client(clientOptions({ socketPath: server.socketPath, processes: server.osascript }));
  });
  afterEach(async () => {
    await client.close();
    await server.dispose();
  });

  it("answers in another order reach their own requests", async () => {
    await client.connect();
    server.inject.reorder(3);
    const [tab, listing, focus] = await Promise.all([
      createTab(client, {}),
      listSessions(client),
      client.call("focus", {}),
    ]);

    expect(tab.sessionId).toMatch(/^[0-9A-F-]{36}$/);
    expect(listing.windows.length).toBeLessThanOrEqual(1);
    expect(focus.notifications?.length).toBeGreaterThan(0);
  });

  it("a request without answer fails after its own time, with a hint, and is not sent again; late answers harm nobody", async () => {
    server.inject.on("create_tab", { kind: "delay", ms: 300 });
    await expect(createTab(client, {}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "REQUEST_TIMEOUT",
      message: expect.stringContaining("200 ms"),
      hint: "iTerm2 is busy (dialog open?)",
      details: { request: "createTab", outcome: "unknown" },
    });
    // The tab is there nevertheless, which is why nobody may simply try again.
    expect((await listSessions(client)).sessions.length).toBe(1);
    expect(server.requests.filter(({ name }) => name === "create_tab").length).toBe(1);

    const short = { timeoutMs: 100 };
    const go = server.inject.stall();
    await expect(listSessions(client, short)).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    go();
    await listSessions(client);
    server.inject.on("list_sessions", { kind: "wrong-id" });
    await expect(listSessions(client, short)).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    server.inject.on("list_sessions", { kind: "malformed" });
    await expect(listSessions(client, short)).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    expect((await listSessions(client)).sessions.length).toBe(1);
    expect(server.accepted).toBe(1);
  });

  it("an answer without content, an error text, and a session gone meanwhile are failures of that request alone", async () => {
    const { sessionId } = await createTab(client, {});
    server.inject.on("get_buffer", { kind: "no-submessage" });
    await expect(getScreen(client, sessionId)).rejects.toMatchObject({
      code: "BAD_ANSWER",
      details: { request: "getBuffer" },
    });
    server.inject.on("get_buffer", { kind: "error", text: "what?" });
    await expect(getScreen(client, sessionId)).rejects.toMatchObject({ code: "REQUEST_UNKNOWN" });
    server.inject.on("create_tab", { kind: "respond", body: {} });
    await expect(createTab(client, {})).rejects.toMatchObject({ code: "BAD_ANSWER", details: { outcome: "unknown" } });
    server.inject.on("close", { kind: "respond", body: {} });
    await expect(closeSessions(client, [sessionId])).rejects.toMatchObject({ code: "BAD_ANSWER" });
    expect((await getScreen(client, sessionId)).rows.length).toBe(25);
  });

  it.each(["before", "after"] as const)(
    "a connection lost %s the effect fails all that is under way with an unknown outcome",
    async (when) => {
      await client.connect();
      server.inject.on("list_sessions", { kind: "never" });
      server.inject.on("create_tab", { kind: "drop", when });
      const results = await Promise.allSettled([listSessions(client), createTab(client, {})]);

      expect(results).toMatchObject([
        { reason: { code: "CONNECTION_LOST", details: { request: "listSessions" } } },
        { reason: { code: "CONNECTION_LOST", details: { request: "createTab", outcome: "unknown" } } },
      ]);
      expect((await listSessions(client)).sessions.length).toBe(when === "after" ? 1 : 0);
      expect(server.requests.filter(({ name }) => name === "create_tab").length).toBe(1);
      expect(server.accepted).toBe(2);
    },
  );

  it("abort and close end what is under way", async () => {
    await client.connect();
    server.inject.on("*", { kind: "never" }, { times: 2 });
    const abort = new AbortController();
    const one = expect(listSessions(client, { signal: abort.signal })).rejects.toMatchObject({
      code: "ABORTED",
      details: { outcome: "unknown" },
    });
    const two = expect(listSessions(client)).rejects.toMatchObject({ code: "CLOSED" });
    await expect.poll(() => server.requests.length).toBe(2);
    abort.abort();
    await one;
    await client.close();
    await two;
    await expect(sendText(client, "S", "x")).rejects.toMatchObject({ code: "CLOSED", details: { outcome: "none" } });
  });

  it("takes an answer of 8 MB, and gives up on one beyond its limit without dying", async () => {
    server.inject.on("list_sessions", { kind: "huge", bytes: 8 * 1024 * 1024 });
    expect((await listSessions(client, { timeoutMs: 10_000 })).sessions).toEqual([]);
    server.inject.on("list_sessions", { kind: "huge", bytes: 65 * 1024 * 1024 });
    await expect(listSessions(client, { timeoutMs: 15_000 })).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect((await listSessions(client)).sessions).toEqual([]);
  });

  it("text stops at the first failure and tells how much was taken", async () => {
    const { sessionId } = await createTab(client, {});
    server.inject.on("send_text", { kind: "never" }, { skip: 1 });
    await expect(sendText(client, sessionId, "x".repeat(10_000), { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: "REQUEST_TIMEOUT",
      details: { sentCodePoints: 4096, outcome: "unknown" },
    });
    expect(server.requests.filter(({ name }) => name === "send_text").length).toBe(2);
  });
});
