import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeSession } from "../../../support/iterm2-server/model/session.ts";
import { ExitingProgram } from "../../../support/iterm2-server/programs/exiting-program.ts";
import { PasteProgram } from "../../../support/iterm2-server/programs/paste-program.ts";
import { RawClient } from "../../../support/iterm2-server/raw-client.ts";
import { type Iterm2Server, startIterm2Server } from "../../../support/iterm2-server/server.ts";
import { VirtualClock } from "../../../support/iterm2-server/server-clock.ts";
import { children, type Message } from "../../../support/iterm2-server/wire/message.ts";

let server: Iterm2Server;
let client: RawClient;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  server = await startIterm2Server({
    auth: "disabled",
    clock,
    program: ({ argv }, pty) => {
      if (argv[0] === "paste") return new PasteProgram(clock);
      return argv[0] === "exiting" ? new ExitingProgram(clock, 100) : pty();
    },
  });
  client = await RawClient.open(server.socketPath);
});

afterEach(async () => {
  client.close();
  await server.dispose();
});

const properties = (values: Record<string, unknown>) =>
  Object.entries(values).map(([key, value]) => ({ key, json_value: JSON.stringify(value) }));

async function createTab(command = "exiting", more: Message = {}, keys: Record<string, unknown> = {}): Promise<string> {
  const all = { "Custom Command": "Yes", Command: command, ...keys };
  const created = await client.request("create_tab", { custom_profile_properties: properties(all), ...more });
  return String(created.session_id);
}

const split = (session: string, split_direction: number, more: Message = {}) =>
  client.request("split_pane", {
    session,
    split_direction,
    custom_profile_properties: properties({ "Custom Command": "Yes", Command: "exiting" }),
    ...more,
  });

const subscribe = (notification_type: number, more: Message = {}) =>
  client.request("notification", { subscribe: true, notification_type, ...more });

const closing = (...session_ids: string[]) => client.request("close", { sessions: { session_ids }, force: true });

function session(id: string): FakeSession {
  const found = server.model.session(id);
  if (!found) throw new Error(`No session ${id}`);
  return found;
}

async function firstTab(): Promise<Message> {
  const [window] = children(await client.request("list_sessions"), "windows");
  const [tab] = children(window ?? {}, "tabs");
  return tab ?? {};
}

/** The tree as `[id WxH, [..]]`, with | or - for the direction of its dividers. */
function drawn(node: Message): string {
  const parts = children(node, "links").map((link) => {
    if (link.node) return `(${drawn(link.node as Message)})`;
    const { unique_identifier, grid_size } = link.session as { unique_identifier: string; grid_size: Message };
    return `${unique_identifier.slice(-1)}:${grid_size.width}x${grid_size.height}`;
  });
  return parts.join(node.vertical ? "|" : "/");
}

const tree = async () => drawn((await firstTab()).root as Message);

describe("windows, tabs and panes", () => {
  it("are created in the form and with the numbers of the document", async () => {
    const created = await client.request("create_tab");

    expect(created).toEqual({
      status: 0,
      window_id: expect.stringMatching(/^pty-[0-9A-F-]{36}$/),
      tab_id: 1,
      session_id: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
    expect(await firstTab()).toMatchObject({ tab_id: "1", tmux_window_id: "-1" });
    expect(await client.request("create_tab", { window_id: String(created.window_id) })).toMatchObject({ tab_id: 2 });
  });

  it("answer with the exact statuses, and create nothing for an unknown profile or window", async () => {
    expect(await client.request("create_tab", { profile_name: "none" })).toEqual({ status: 1 });
    expect(await client.request("create_tab", { window_id: "pty-none" })).toEqual({ status: 2 });
    expect(server.model.sessions).toEqual([]);
    // Not where it was wanted, but there.
    expect(await client.request("create_tab", { tab_index: 5 })).toMatchObject({ status: 3, tab_id: 1 });
    expect(server.model.sessions).toHaveLength(1);
  });

  it("split into sizes that add up, and share the room of one that closes", async () => {
    const id = await createTab();
    await split(id, 0);
    await split(id, 0, { before: true });
    await split(id, 1);
    expect(await tree()).toBe("3:19x25|(1:20x12/4:20x12)|2:39x25");

    await closing(id);
    expect(await tree()).toBe("3:19x25|4:20x25|2:39x25");
    await closing(id.replace(/.$/, "3"), id.replace(/.$/, "4"));
    expect(await tree()).toBe("2:80x25");
  });

  it("refuse to split where there is no room, and what is not shown", async () => {
    const id = await createTab();
    session(id).resizeTo({ width: 4, height: 25 });
    expect(await split(id, 0)).toEqual({ status: 3 });
    expect(await split("5E55", 0)).toEqual({ status: 1 });
    expect(await split(id, 1, { profile_name: "none" })).toEqual({ status: 2 });
    server.model.bury(session(id));
    expect(await split(id, 1)).toEqual({ status: 1 });
  });

  it("list what is minimized and buried, without sizes", async () => {
    const [first, second] = [await createTab(), await createTab()];
    await split(first, 0);
    const place = server.model.placeOf(session(first));
    if (place) server.model.maximize(place.tab, session(first));
    server.model.bury(session(second));

    const listed = await client.request("list_sessions");
    expect(await tree()).toBe("1:80x25");
    expect((await firstTab()).minimized_sessions).toEqual([
      { unique_identifier: first.replace(/.$/, "3"), title: "Default" },
    ]);
    expect(listed.buried_sessions).toEqual([{ unique_identifier: second, title: "Default" }]);
  });

  it("tell of a new session first, then of the layout, then answer", async () => {
    for (const type of [6, 7, 8]) await subscribe(type);
    const id = await createTab();

    expect(client.notifications.map((notification) => Object.keys(notification)[0])).toEqual([
      "new_session_notification",
      "layout_changed_notification",
    ]);
    expect(client.notifications[0]).toEqual({ new_session_notification: { session_id: id } });
  });
});

describe("the focus", () => {
  it.each([
    ["3.6", true],
    ["3.7", false],
  ] as const)("with select_tab:false on %s goes to a new tab: %s", async (profile, isStolen) => {
    const other = await startIterm2Server({ auth: "disabled", clock, profile });
    const its = await RawClient.open(other.socketPath);
    await its.request("create_tab");
    const window = String((await its.request("create_tab", { select_tab: false })).window_id);
    await its.request("create_tab", { select_tab: false, window_id: window });

    expect(other.model.currentWindow === other.model.windows[1]).toBe(isStolen);
    expect(other.model.windows[1]?.selectedTab.id).toBe(isStolen ? "3" : "2");
    expect(other.model.isAppActive).toBe(false);
    its.close();
    await other.dispose();
  });

  it("lists for each window its selected tab, then the active session of every tab", async () => {
    const first = await createTab();
    const window_id = String(server.model.windows[0]?.id);
    const second = await createTab("exiting", { window_id });
    const third = await createTab();

    expect((await client.request("focus")).notifications).toEqual([
      { application_active: false },
      { window: { window_status: 1, window_id: server.model.windows[1]?.id } },
      { selected_tab: "2" },
      { session: first },
      { session: second },
      { selected_tab: "3" },
      { session: third },
    ]);
  });

  it("follows Activate in the order app, window, tab, session, and keeps what was done before a refusal", async () => {
    const first = await createTab();
    await createTab();

    const refused = await client.request("activate", { activate_app: {}, order_window_front: true });
    expect([refused, server.model.isAppActive]).toEqual([{ status: 2 }, true]);
    expect(await client.request("activate", { session_id: "none" })).toEqual({ status: 1 });
    const all = { session_id: first, order_window_front: true, select_tab: true, select_session: true };
    expect(await client.request("activate", all)).toEqual({ status: 0 });
    expect(server.model.currentWindow).toBe(server.model.windows[0]);
  });
});

describe("text", () => {
  it("reaches the program, and is refused once it has exited, though the pane is still listed", async () => {
    const id = await createTab("exiting");
    const send = (text: string) => client.request("send_text", { session: id, text, suppress_broadcast: true });
    expect(await send("a\r")).toEqual({ status: 0 });
    expect(await send("")).toEqual({ status: 0 });
    clock.advance(100);

    expect(await send("")).toEqual({ status: 1 });
    expect(session(id).sentText).toBe("a\r");
    expect(await tree()).toContain("1:");
  });

  it("needs an Enter that comes alone", async () => {
    const id = await createTab("paste");
    const program = session(id).program as PasteProgram;
    const send = (text: string) => client.request("send_text", { session: id, text, suppress_broadcast: true });
    await send("\u001b[200~two\nlines\u001b[201~");
    await send("\r");
    expect([program.draft, program.submitted]).toEqual(["two\nlines\n", []]);

    clock.advance(200);
    await send("\r");
    expect([program.draft, program.submitted]).toEqual(["", ["two\nlines\n"]]);
  });

  it("is read in cells: wide ones, unwritten ones, wrapped lines, and numbers that stay", async () => {
    const id = await createTab("paste");
    await client.request("inject", { session_id: [id], data: Buffer.from(`a  世e\u0301\n${"x".repeat(81)}`) });
    const read = (line_range: Message) => client.exchange("get_buffer", { session: id, line_range });

    const { get_buffer_response } = (await read({ trailing_lines: 26 })) as { get_buffer_response: Message };
    const lines = children(get_buffer_response, "contents");
    const row = lines.find((line) => String(line.text).includes("世"));
    expect(row).toEqual({
      text: "> a世e\u0301",
      continuation: 1,
      code_points_per_cell: [
        { repeats: 3 },
        { num_code_points: 0, repeats: 2 },
        { repeats: 1 },
        { num_code_points: 0, repeats: 1 },
        { num_code_points: 2, repeats: 1 },
      ],
    });
    expect(lines.find((line) => line.continuation === 2)?.text).toBe("x".repeat(80));
    expect(get_buffer_response.cursor).toEqual({ x: 1, y: 3 });
  });

  it("has no answer for a bad range", async () => {
    const id = await createTab("paste");
    for (const line_range of [{}, { screen_contents_only: false, trailing_lines: 3 }]) {
      expect(Object.keys(await client.exchange("get_buffer", { session: id, line_range }))).toEqual(["id"]);
    }
    // False counts as present.
    const answer = await client.exchange("get_buffer", { session: id, line_range: { screen_contents_only: false } });
    expect(answer).toHaveProperty("get_buffer_response.status", 0);
  });
});

describe("variables", () => {
  const variable = (body: Message) => client.request("variable", body);

  it("are set before they are read, without a status", async () => {
    const id = await createTab();
    const set = [
      { name: "user.a", value: '"x"' },
      { name: "user.b", value: "{bad" },
    ];

    expect(await variable({ session_id: id, set, get: ["user.a", "user.b", "id", "columns", "none"] })).toEqual({
      values: ['"x"', "null", JSON.stringify(id), "80", "null"],
    });
    await variable({ session_id: id, set: [{ name: "user.a", value: "null" }] });
    expect(session(id).user.size).toBe(0);
  });

  it("come as one object with stringified values for a star", async () => {
    const id = await createTab();
    const { values } = await variable({ session_id: id, set: [{ name: "user.n", value: "5" }], get: ["*"] });

    expect((values as string[]).map((value) => JSON.parse(value))).toEqual([
      expect.objectContaining({ id, columns: "80", "user.n": "5" }),
    ]);
  });

  it("answer with the exact statuses, and set nothing beside a bad name", async () => {
    const id = await createTab();
    const good = { name: "user.a", value: "1" };
    const cases: [Message, number][] = [
      [{ session_id: "none" }, 1],
      [{ session_id: id, set: [good, { name: "user.a.b", value: "1" }] }, 2],
      [{ session_id: id, set: [good, { name: "name", value: "1" }] }, 2],
      [{}, 3],
      [{ tab_id: "99" }, 4],
      [{ session_id: "all", get: ["id"] }, 5],
      [{ window_id: "all", set: [good] }, 6],
    ];

    for (const [body, status] of cases) expect([body, await variable(body)]).toEqual([body, { status }]);
    expect(session(id).user.size).toBe(0);
    expect(await variable({ session_id: "all", set: [good] })).toEqual({});
    expect(session(id).user.get("a")).toBe(1);
  });

  it("are monitored by scope", async () => {
    const id = await createTab();
    const monitor = (more: Message) => subscribe(12, { variable_monitor_request: { name: "user.a", ...more } });
    expect(await monitor({ scope: 1, identifier: "none" })).toEqual({ status: 6 });
    expect(await monitor({ scope: 2, identifier: "all" })).toEqual({ status: 6 });
    expect(await monitor({ scope: 1, identifier: id })).toEqual({ status: 0 });
    expect(await monitor({ scope: 1, identifier: id })).toEqual({ status: 4 });

    await variable({ session_id: id, set: [{ name: "user.a", value: "[1]" }] });
    expect(client.notifications).toEqual([
      { variable_changed_notification: { scope: 1, identifier: id, name: "user.a", json_new_value: "[1]" } },
    ]);
  });
});

describe("profiles, properties and functions", () => {
  it("keep what a session changes in its own copy", async () => {
    const [first, second] = [await createTab(), await createTab()];
    const set = (key: string, value: unknown) =>
      client.request("set_profile_property", { session: first, assignments: properties({ [key]: value }) });

    expect(await set("Badge Text", "b")).toEqual({ status: 0 });
    expect(await set("Use Tab Color", "yes")).toEqual({ status: 2 });
    const get = (id: string) => client.request("get_profile_property", { session: id, keys: ["Badge Text", "Unset"] });
    expect(await get(first)).toEqual({ status: 0, properties: properties({ "Badge Text": "b" }) });
    expect(await get(second)).toEqual({ status: 0, properties: properties({ "Badge Text": "" }) });
  });

  it("report a grid that is one smaller than the summary's", async () => {
    const id = await createTab();

    expect(await client.request("get_property", { session_id: id, name: "grid_size" })).toEqual({
      status: 0,
      json_value: '{"width":79,"height":24}',
    });
    expect(await client.request("get_property", { session_id: id, name: "none" })).toEqual({ status: 1 });
    expect(await client.request("get_property", { session_id: "none", name: "buried" })).toEqual({ status: 2 });
  });

  it("set titles and names by method, with named arguments", async () => {
    const id = await createTab();
    const invoke = (receiver: string, invocation: string) =>
      client.request("invoke_function", { method: { receiver }, invocation });

    expect(await invoke("1", 'iterm2.set_title(title: "a \\"b\\" \\\\\\\\(c)")')).toEqual({
      success: { json_result: "null" },
    });
    expect(server.model.windows[0]?.tabs[0]?.titleOverride).toBe('a "b" \\(c)');
    await invoke(id, 'iterm2.set_name(name: "api")');
    expect(session(id).name).toBe("api");
    expect(await invoke("9", 'iterm2.set_title(title: "x")')).toMatchObject({ error: { status: 2 } });
    expect(await invoke("1", 'iterm2.set_title("x")')).toMatchObject({ error: { status: 3 } });
  });
});

describe("the life of a session", () => {
  it("goes on in secret for five seconds after a close, and its end is told then", async () => {
    const id = await createTab("paste");
    for (const type of [7, 8]) await subscribe(type);

    expect(await client.request("close", { sessions: { session_ids: [id, "none"] }, force: true })).toEqual({
      statuses: [0, 1],
    });
    expect(client.notifications.map((one) => Object.keys(one)[0])).toEqual(["layout_changed_notification"]);
    clock.advance(4_999);
    expect(server.model.closing).toEqual([id]);
    clock.advance(1);
    await client.request("focus");
    expect(client.notifications[1]).toEqual({ terminate_session_notification: { session_id: id } });
  });

  it("comes back with the same id when the close is undone", async () => {
    const id = await createTab("paste");
    await subscribe(6);
    await closing(id);
    server.model.undoClose(id);
    await client.request("focus");

    expect(client.notifications).toEqual([{ new_session_notification: { session_id: id } }]);
    clock.advance(10_000);
    expect(await client.request("send_text", { session: id, text: "", suppress_broadcast: true })).toEqual({
      status: 0,
    });
  });

  it("has its end told twice when it exits first and is closed later", async () => {
    const id = await createTab("exiting");
    await subscribe(7);
    clock.advance(100);
    await closing(id);

    const end = { terminate_session_notification: { session_id: id } };
    expect(client.notifications).toEqual([end, end]);
  });

  it("takes its pane along when its profile says so", async () => {
    await createTab("exiting", {}, { "Close Sessions On End": 1 });
    clock.advance(100);

    expect(await client.request("list_sessions")).toEqual({});
  });

  it("gets another id by a restart, and keeps its variables", async () => {
    const id = await createTab("paste");
    await client.request("variable", { session_id: id, set: [{ name: "user.a", value: "1" }] });

    expect(await client.request("restart_session", { session_id: id, only_if_exited: true })).toEqual({ status: 2 });
    expect(await client.request("restart_session", { session_id: id })).toEqual({ status: 0 });
    expect(server.model.session(id)).toBeUndefined();
    expect(server.model.sessions[0]?.user.get("a")).toBe(1);
    expect(await client.request("restart_session", { session_id: id })).toEqual({ status: 1 });
  });
});

describe("subscriptions", () => {
  it("belong to their connection", async () => {
    const other = await RawClient.open(server.socketPath);
    await subscribe(6);
    await createTab();
    await other.request("focus");

    expect(client.notifications).toHaveLength(1);
    expect(other.notifications).toEqual([]);
    other.close();
  });

  it("answer with the exact statuses", async () => {
    const id = await createTab("paste");
    const request = (body: Message) => client.request("notification", body);

    expect(await request({ notification_type: 7 })).toEqual({ status: 2 });
    expect(await request({ notification_type: 7, subscribe: false })).toEqual({ status: 3 });
    expect(await subscribe(7)).toEqual({ status: 0 });
    expect(await subscribe(7)).toEqual({ status: 4 });
    expect(await request({ notification_type: 7, subscribe: false })).toEqual({ status: 0 });
    expect(await subscribe(2, { session: "none" })).toEqual({ status: 1 });
    expect(await subscribe(2, { session: id })).toEqual({ status: 0 });
  });
});

describe("a restart of iTerm2", () => {
  async function restarted(options: Parameters<Iterm2Server["restart"]>[0]): Promise<string[]> {
    await client.request("variable", { session_id: "all", set: [{ name: "user.a", value: "1" }] });
    const ended = client.ended;
    await server.restart(options);
    expect(await ended).not.toContain(OPCODE_CLOSE);
    client = await RawClient.open(server.socketPath);
    return server.model.sessions.map((one) => one.id);
  }

  it("keeps ids, variables and programs, or none of them", async () => {
    const ids = [await createTab("paste"), await createTab("paste")];
    const programs = server.model.sessions.map((one) => one.program);

    expect(await restarted({})).toEqual(ids);
    expect(server.model.sessions.map((one) => one.program)).toEqual(programs);
    expect(server.model.sessions.map((one) => one.user.get("a"))).toEqual([1, 1]);

    const fresh = await restarted({ ids: "new", variables: "lost", jobs: "killed" });
    expect(fresh.filter((id) => ids.includes(id))).toEqual([]);
    expect(server.model.sessions.some((one) => programs.includes(one.program))).toBe(false);
    expect(server.model.sessions.map((one) => one.user.size)).toEqual([0, 0]);
  });

  it("may give a tab the number, or a session the id, that another one had", async () => {
    const ids = [await createTab("paste"), await createTab("paste")];
    const tabs = () => server.model.windows.map((window) => window.tabs[0]?.id);

    expect([await restarted({ ids: "renumbered" }), tabs()]).toEqual([ids, ["2", "1"]]);
    expect(await restarted({ ids: "shuffled" })).toEqual([...ids].reverse());
  });
});

const OPCODE_CLOSE = 8;
