import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EchoProgram } from "../../../support/iterm2-server/programs/echo-program.ts";
import { RawClient } from "../../../support/iterm2-server/raw-client.ts";
import { type Iterm2Server, startIterm2Server } from "../../../support/iterm2-server/server.ts";
import type { Message } from "../../../support/iterm2-server/wire/message.ts";

let server: Iterm2Server;
let client: RawClient;
let session: string;

beforeEach(async () => {
  server = await startIterm2Server({ program: () => new EchoProgram() });
  const { cookie } = server.cookies.issue();
  client = await RawClient.open(server.socketPath, { "x-iterm2-cookie": cookie });
  session = String((await client.request("create_tab")).session_id);
  expect(server.violations.list).toEqual([]);
});

afterEach(async () => {
  client.close();
  await server.dispose();
});

const runs = (json_value: string) => ({
  custom_profile_properties: [
    { key: "Custom Command", json_value: '"Yes"' },
    { key: "Command", json_value },
  ],
});
const property = (key: string, json_value: string) => ({ custom_profile_properties: [{ key, json_value }] });

describe("what would harm a person or a real iTerm2", () => {
  const harmful: [title: string, name: string, body: () => Message][] = [
    ["a transaction", "transaction", () => ({ begin: true })],
    ["a close without force", "close", () => ({ sessions: { session_ids: [session] } })],
    ["the session `active`", "get_buffer", () => ({ session: "active", line_range: { trailing_lines: 1 } })],
    ["a request for no session", "get_prompt", () => ({})],
    ["a change of the person's profile", "set_profile_property", () => ({ guid_list: { guids: ["x"] } })],
    ["text that is broadcast", "send_text", () => ({ session, text: "x" })],
    ["code in Command", "create_tab", () => runs('"/bin/\\\\(x)"')],
    ["a parameter in Working Directory", "create_tab", () => property("Working Directory", '"/a$$b"')],
    ["malformed JSON in a split", "split_pane", () => ({ session, ...property("Name", "{") })],
    ["null in a split", "split_pane", () => ({ session, ...property("Name", "null") })],
    ["a subscription to type 13", "notification", () => ({ subscribe: true, notification_type: 13 })],
    ["the cookie in a text", "send_text", () => ({ session, text: server.secrets[0] ?? "", suppress_broadcast: true })],
    [
      "code in a title",
      "invoke_function",
      () => ({ method: { receiver: "1" }, invocation: 'iterm2.set_title(title: "\\\\(x)")' }),
    ],
    [
      "code in an invocation",
      "invoke_function",
      () => ({ method: { receiver: "1" }, invocation: 'iterm2.set_title(title: "\\(x)")' }),
    ],
  ];

  it.each(harmful)("is seen: %s", async (_title, name, body) => {
    await client.request(name, body());

    expect(server.violations.take().length).toBeGreaterThan(0);
  });

  it.each([
    ["a subscription to type 4", "notification", () => ({ subscribe: true, notification_type: 4, session })],
    ["malformed JSON in a new tab", "create_tab", () => property("Name", "{")],
  ])("crashes it, and with it every connection: %s", async (_title, name, body) => {
    void client.exchange(name, body());

    await client.ended;
    expect(server.violations.take()).toEqual(expect.arrayContaining([expect.stringMatching(/^iTerm2 crashes/)]));
  });

  it("is seen in the bytes of a lone surrogate", async () => {
    client.send(Buffer.from("0801 da0605 1203eda0bd".replaceAll(" ", ""), "hex"));
    await client.request("focus");

    expect(server.violations.take()).toEqual([expect.stringContaining("surrogate")]);
  });

  it("makes the end of the test fail", async () => {
    server.violations.record("something");

    expect(() => server.violations.check()).toThrow("- something");
    server.violations.take();
  });

  it("is none of it: escaped dollars, backslashes and parentheses", async () => {
    const literal = { key: "Command", json_value: JSON.stringify("/bin/a$$$$b \\\\(x) 'c d' \"\"") };
    const on = { key: "Custom Command", json_value: '"Yes"' };
    const created = await client.request("create_tab", { custom_profile_properties: [literal, on] });

    expect(server.violations.list).toEqual([]);
    expect(server.model.session(String(created.session_id))?.launch.argv).toEqual(["/bin/a$$b", "(x)", "c d", ""]);
  });
});
