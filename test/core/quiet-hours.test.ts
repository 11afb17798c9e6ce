import { describe, expect, it } from "vitest";
import { isQuiet } from "../../src/core/quiet-hours.ts";

const at = (hours: number, minutes = 0) => new Date(2026, 10, 21, hours, minutes).getTime();

describe("B3: quiet hours", () => {
  it("hold from their first minute to before their last, in local time", () => {
    expect([at(8, 59), at(9), at(16, 59), at(17)].map((now) => isQuiet("09:00-17:00", now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("may span midnight", () => {
    expect([at(21, 59), at(22), at(0), at(7, 29), at(7, 30), at(12)].map((now) => isQuiet("22:00-07:30", now))).toEqual(
      [false, true, true, true, false, false],
    );
  });

  it("are never when none are set, or when they have no length", () => {
    expect(isQuiet(null, at(3))).toBe(false);
    expect(isQuiet("03:00-03:00", at(3))).toBe(false);
  });
});
