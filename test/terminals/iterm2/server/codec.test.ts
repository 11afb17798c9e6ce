import { describe, expect, it } from "vitest";
import { Codec, Undecodable } from "../../../support/iterm2-server/wire/codec.ts";

const codec = new Codec();

/** The bytes were worked out by hand from the tables of iterm2-facts §2 and the protobuf encoding. */
const GOLDEN = [
  {
    title: "an empty submessage",
    type: "ClientOriginatedMessage",
    message: { id: 1, list_sessions_request: {} },
    hex: "0801 d20600",
  },
  {
    title: "text and a boolean",
    type: "ClientOriginatedMessage",
    message: { id: 300, send_text_request: { session: "A", text: "é", suppress_broadcast: true } },
    hex: "08ac02 da0609 0a0141 1202c3a9 1801",
  },
  {
    title: "a repeated message in the middle of the numbers",
    type: "CreateTabRequest",
    message: { window_id: "w", custom_profile_properties: [{ key: "k", json_value: "1" }], select_tab: false },
    hex: "120177 2a06 0a016b 120131 3000",
  },
  {
    title: "a repeated message in the third field",
    type: "GetProfilePropertyResponse",
    message: { status: 0, properties: [{ key: "a", json_value: "b" }] },
    hex: "0800 1a06 0a0161 120162",
  },
  {
    title: "repeated numbers, each with its key",
    type: "CloseResponse",
    message: { statuses: [0, 1, 2] },
    hex: "0800 0801 0802",
  },
  { title: "a negative number as ten bytes", type: "Point", message: { x: -1 }, hex: "08ffffffffffffffffff01" },
  {
    title: "a floating-point number",
    type: "InvokeFunctionRequest",
    message: { invocation: "f()", timeout: -1 },
    hex: "2a03662829 31000000000000f0bf",
  },
  {
    title: "a number above 32 bits",
    type: "Coord",
    message: { x: 0, y: 2 ** 40 },
    hex: "0800 1080808080 8020",
  },
  {
    title: "a notification",
    type: "ServerOriginatedMessage",
    message: { notification: { screen_update_notification: { session: "A" } } },
    hex: "c23e05 1203 0a0141",
  },
];

describe("the fake iTerm2's codec", () => {
  for (const { title, type, message, hex } of GOLDEN) {
    it(`encodes and decodes ${title}`, () => {
      const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");

      expect(Buffer.from(codec.encode(type, message)).toString("hex")).toBe(bytes.toString("hex"));
      expect(codec.decode(type, bytes)).toEqual(message);
    });
  }

  it("skips unknown fields of every wire type", () => {
    const bytes = Buffer.from("f80701 f9070000000000000000 fa0700 fd0700000000 0801".replaceAll(" ", ""), "hex");

    expect(codec.decode("Point", bytes)).toEqual({ x: 1 });
  });

  it("reads repeated numbers in one piece as well", () => {
    expect(codec.decode("CloseResponse", Buffer.from("0a03000102", "hex"))).toEqual({ statuses: [0, 1, 2] });
  });

  it("keeps the last member of a oneof", () => {
    expect(codec.decode("VariableRequest", Buffer.from("0a0141 220137".replaceAll(" ", ""), "hex"))).toEqual({
      tab_id: "7",
    });
  });

  it.each(["08", "0a05ab", "0b", "ffffffffffffffffffffff01", "0a00"])("refuses %s as a Point", (hex) => {
    expect(() => codec.decode("Point", Buffer.from(hex, "hex"))).toThrow(Undecodable);
  });

  it("tells half a character from other bytes that are no UTF-8", () => {
    const decode = (hex: string) => () => codec.decode("SendTextRequest", Buffer.from(hex, "hex"));

    expect(decode("1203eda0bd")).toThrow(expect.objectContaining({ hasSurrogate: true }));
    expect(decode("1201ff")).toThrow(expect.objectContaining({ hasSurrogate: false }));
  });

  it("refuses to encode a field that the message does not have", () => {
    expect(() => codec.encode("Point", { z: 1 })).toThrow("Point has no field z");
  });
});
