import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RawClient } from "../../../support/iterm2-server/raw-client.ts";
import { type Iterm2Server, startIterm2Server } from "../../../support/iterm2-server/server.ts";
import { VirtualClock } from "../../../support/iterm2-server/server-clock.ts";
import { Codec } from "../../../support/iterm2-server/wire/codec.ts";
import { OPCODE } from "../../../support/iterm2-server/wire/frames.ts";
import { text } from "../../../support/iterm2-server/wire/message.ts";

let server: Iterm2Server;
let client: RawClient;
const clock = new VirtualClock();

beforeEach(async () => {
  server = await startIterm2Server({ auth: "disabled", clock });
  client = await RawClient.open(server.socketPath);
});

afterEach(async () => {
  client.close();
  await server.dispose();
});

const list = (from = client) => from.request("list_sessions");
/** Resolves with true when the promise is still open after another request was answered. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  promise.then(
    () => (isSettled = true),
    () => (isSettled = true),
  );
  await list();
  return !isSettled;
}

describe("the frames of the fake iTerm2", () => {
  it("ignore text, and bytes that are no message, without a word", async () => {
    client.send(Buffer.from("hello"), { opcode: OPCODE.text });
    client.send(Buffer.from([0xff, 0xff]));

    await list();
    client.close();
    expect(await client.ended).toEqual([OPCODE.binary]);
  });

  it("abort the connection on a fragmented message", async () => {
    client.send(Buffer.from([0x08]), { isFinal: false });

    expect(await client.ended).toEqual([]);
  });

  it("answer a ping, and a close with an empty close", async () => {
    client.send(Buffer.from("x"), { opcode: OPCODE.ping });
    await list();
    client.send(Buffer.alloc(0), { opcode: OPCODE.close });

    expect(await client.ended).toEqual([OPCODE.pong, OPCODE.binary, OPCODE.close]);
  });

  it("carry the server's error for a message without a submessage that it knows", async () => {
    // With the id of the request that follows: whichever answer comes first settles that one.
    client.send(new Codec().encode("ClientOriginatedMessage", { id: 1 }));
    const answer = client.exchange("list_sessions", {});

    expect(text(await answer, "error")).toMatch(/submessage/i);
  });

  it("end with an empty close frame, or with none", async () => {
    const other = await RawClient.open(server.socketPath);
    const [first, second] = server.connections;
    first?.close();
    second?.drop();

    expect(await client.ended).toEqual([OPCODE.close]);
    expect(await other.ended).toEqual([]);
  });
});

describe("injected failures", () => {
  it("delay a response by the server's time", async () => {
    server.inject.on("focus", { kind: "delay", ms: 100 });
    const answer = client.request("focus");

    expect(await isOpen(answer)).toBe(true);
    clock.advance(100);
    await answer;
  });

  it("leave a request without a response, though it had its effect", async () => {
    server.inject.on("create_tab", { kind: "never" });
    const answer = client.request("create_tab");

    expect(await isOpen(answer)).toBe(true);
    expect(server.model.windows).toHaveLength(1);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("drop the connection %s the effect", async (when, windows) => {
    server.inject.on("create_tab", { kind: "drop", when });
    void client.request("create_tab");

    expect(await client.ended).toEqual([]);
    expect(server.model.windows).toHaveLength(windows);
  });

  it("meet the request that they were meant for, and no other", async () => {
    server.inject.on("focus", { kind: "no-submessage" }, { skip: 1, times: 2 });
    const seen = [];
    for (let index = 0; index < 4; index++) seen.push("focus_response" in (await client.exchange("focus", {})));
    await list();

    expect(seen).toEqual([true, false, false, true]);
  });

  it("answer with an error, another status, another id, rubbish, or far too much", async () => {
    server.inject.on("focus", { kind: "error", text: "no" });
    server.inject.on("focus", { kind: "respond", body: { notifications: [{ selected_tab: "77" }] } });
    server.inject.on("focus", { kind: "huge", bytes: 300_000 });

    expect(await client.exchange("focus", {})).toMatchObject({ error: "no" });
    expect(await client.request("focus")).toEqual({ notifications: [{ selected_tab: "77" }] });
    expect(await client.request("focus")).toMatchObject({ notifications: expect.any(Array) });
    server.inject.on("focus", { kind: "wrong-id" });
    expect(await isOpen(client.request("focus"))).toBe(true);
  });

  it("reverse the order of responses", async () => {
    const order: string[] = [];
    server.inject.reorder(3);
    await Promise.all(
      ["focus", "list_profiles", "list_sessions"].map((name) => client.request(name).then(() => order.push(name))),
    );

    expect(order).toEqual(["list_sessions", "list_profiles", "focus"]);
  });

  it("stall every connection until the dialog is closed", async () => {
    const other = await RawClient.open(server.socketPath);
    const release = server.inject.stall();
    let answered = 0;
    const answers = [client, other].map((one) => list(one).then(() => answered++));
    const third = await RawClient.open(server.socketPath);

    expect(answered).toBe(0);
    release();
    await Promise.all(answers);
    other.close();
    third.close();
  });

  it("let a session vanish between the listing and its use", async () => {
    const { session_id } = await client.request("create_tab");
    const session = server.model.session(String(session_id));
    server.inject.on("get_buffer", { kind: "before", act: () => session && server.model.closeSession(session) });

    const buffer = { session: String(session_id), line_range: { screen_contents_only: true } };
    expect(await client.request("get_buffer", buffer)).toEqual({ status: 1 });
  });
});
