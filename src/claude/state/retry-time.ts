const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS: Record<string, number> = { s: 1000, m: MINUTE, h: 60 * MINUTE, d: DAY };
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * When a limit's text says to try again, in epoch ms: `…|1795300000`, `try again in 5 minutes`, `resets 3pm`,
 * `resets at 3:30 PM (Europe/Berlin)`, `resets Nov 23, 9am (UTC)`. Undefined when it says nothing of the kind. `now` is
 * when it was said: what it counts from, whenever it is read.
 */
export function retryTime(message: string, now: number): number | undefined {
  const epoch = /\|(\d{10})\b/.exec(message)?.[1];
  if (epoch !== undefined) return Number(epoch) * 1000;
  const span = /\b(?:again|retry|resets?)\s+(?:in|after)\s+(\d+)\s*(s|m|h|d)[a-z]*(?:\s*(\d+)\s*(s|m)[a-z]*)?/i.exec(
    message,
  );
  if (span) {
    const [, first, unit, second, secondUnit] = span;
    return now + Number(first) * unitMs(unit) + Number(second ?? 0) * unitMs(secondUnit);
  }
  return clockTime(message, now);
}

function unitMs(unit: string | undefined): number {
  return UNITS[(unit ?? "").toLowerCase()] ?? 0;
}

/**
 * A time of day, with or without a date and a zone; the next such moment after `now`. Claude Code leaves the seconds out
 * (seen in 2.1.197 and 2.1.330), so a reset within the minute of `now` is at the end of that minute, not a day later; and
 * what was written at the end of one minute may be recorded in the next.
 */
function clockTime(message: string, now: number): number | undefined {
  const match =
    /\bresets?\s+(?:at\s+|on\s+)?(?:([a-z]{3})[a-z]*\s+(\d{1,2})(?:,|\s+at)?\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)?(?:\s*\(([\w/+-]+)\))?/i.exec(
      message,
    );
  if (!match) return undefined;
  const [, monthName, day, hourText, minuteText, half, zone] = match;
  const month = monthName === undefined ? -1 : MONTHS.indexOf(monthName.toLowerCase());
  if (monthName !== undefined && month < 0) return undefined;
  if (half === undefined && minuteText === undefined) return undefined;
  const hour = (Number(hourText) % (half === undefined ? 24 : 12)) + (half?.toLowerCase() === "pm" ? 12 : 0);
  const offset = zoneOffset(zone, now);
  if (offset === undefined) return undefined;
  const local = new Date(now + offset);
  const at = (year: number, monthIndex: number, date: number) =>
    Date.UTC(year, monthIndex, date, hour, Number(minuteText ?? 0)) - offset;
  if (month < 0) {
    const today = at(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
    if (today <= now && now < today + 2 * MINUTE) return Math.max(now, today + MINUTE);
    return today > now ? today : today + DAY;
  }
  const thisYear = at(local.getUTCFullYear(), month, Number(day));
  return thisYear > now - DAY ? thisYear : at(local.getUTCFullYear() + 1, month, Number(day));
}

/** Milliseconds that a zone is ahead of UTC at `now`; the machine's own zone when none is named. */
function zoneOffset(zone: string | undefined, now: number): number | undefined {
  if (zone === undefined) return -new Date(now).getTimezoneOffset() * MINUTE;
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(new Date(now));
    const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
    const local = Date.UTC(
      value("year"),
      value("month") - 1,
      value("day"),
      value("hour"),
      value("minute"),
      value("second"),
    );
    return local - Math.floor(now / 1000) * 1000;
  } catch {
    return undefined;
  }
}
