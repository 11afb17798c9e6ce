import { expect, test } from "vitest";
import { retryTime } from "../../../src/claude/state/retry-time.ts";

/** Saturday 2026-11-21, noon in London, one o'clock in Berlin. */
const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);

function iso(message: string): string | undefined {
  const at = retryTime(message, NOW);
  return at === undefined ? undefined : new Date(at).toISOString();
}

test.each([
  ["Claude AI usage limit reached|1795300000", new Date(1_795_300_000_000).toISOString()],
  ["You've hit your limit · resets 3pm (UTC)", "2026-11-21T15:00:00.000Z"],
  ["You've hit your limit · resets 11am (UTC)", "2026-11-22T11:00:00.000Z"],
  ["5-hour limit reached ∙ resets at 3:30 PM (Europe/Berlin)", "2026-11-21T14:30:00.000Z"],
  ["Weekly limit reached · resets Nov 23, 9am (America/New_York)", "2026-11-23T14:00:00.000Z"],
  ["Weekly limit reached · resets Jan 2 at 12am (UTC)", "2027-01-02T00:00:00.000Z"],
  ["You've hit your session limit · resets 12pm (UTC)", "2026-11-21T12:01:00.000Z"],
  ["You've hit your session limit · resets 11:59am (UTC)", "2026-11-21T12:00:00.000Z"],
  ["You've hit your session limit · resets 11:58am (UTC)", "2026-11-22T11:58:00.000Z"],
  ["Claude usage limit reached. Your limit will reset at 3pm (Europe/Berlin)", "2026-11-21T14:00:00.000Z"],
  ["Please try again in 5 minutes", "2026-11-21T12:05:00.000Z"],
  ["resets in 1h 20m", "2026-11-21T13:20:00.000Z"],
  ["retry after 30 s", "2026-11-21T12:00:30.000Z"],
  ["API Error: Request rejected (429) · scripted 429", undefined],
  ["resets 3pm (Nowhere/Land)", undefined],
  ["the counter resets 3 times", undefined],
])("%s → %s", (message, expected) => {
  expect(iso(message)).toBe(expected);
});
