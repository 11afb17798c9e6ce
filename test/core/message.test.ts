import { describe, expect, it } from "vitest";
import { assertMessageTransition, isOpenInQueue, MESSAGE_STATES, type MessageState } from "../../src/core/message.ts";

describe("life of a message", () => {
  const legal: [MessageState, MessageState][] = [
    ["queued", "typed"],
    ["queued", "failed"],
    ["typed", "queued"],
    ["typed", "submitted"],
    ["typed", "recorded"],
    ["typed", "failed"],
    ["typed", "unknown"],
    ["submitted", "recorded"],
    ["submitted", "unknown"],
    ["submitted", "failed"],
    ["recorded", "answered"],
    ["recorded", "failed"],
    ["unknown", "recorded"],
    ["unknown", "answered"],
  ];

  it("allows exactly the transitions of the life of a message", () => {
    const allowed: [MessageState, MessageState][] = [];
    for (const from of MESSAGE_STATES) {
      for (const to of MESSAGE_STATES) {
        try {
          assertMessageTransition(from, to);
          allowed.push([from, to]);
        } catch {
          // Not allowed.
        }
      }
    }
    expect(allowed.map(String).sort()).toEqual(legal.map(String).sort());
  });

  it("never goes from sent back to unsent once it was submitted", () => {
    expect(() => assertMessageTransition("submitted", "queued")).toThrow(
      "A message cannot go from submitted to queued",
    );
  });

  it("blocks the queue until it is recorded or given up", () => {
    expect(MESSAGE_STATES.filter(isOpenInQueue)).toEqual(["queued", "typed", "submitted"]);
  });
});
