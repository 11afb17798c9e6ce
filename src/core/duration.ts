const PART = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;

/** Milliseconds of `90s`, `10m`, `1h30m`, `500ms`, `2d`; a bare number is seconds. Undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000);
  const match = PART.exec(trimmed);
  if (!match) return undefined;
  const [, days, hours, minutes, seconds, millis] = match.map((part) => Number(part ?? 0));
  return Math.round(
    (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000 + (millis ?? 0),
  );
}

/** `4 s`, `3 min`, `2 h 5 min`, `3 d`: for sentences and tables. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

const DAY_MS = 86_400_000;

/** `15:04 (in 3 h 5 min)`, `Nov 24, 15:04 (in 3 d)`: a moment to come, in local time. */
export function formatMoment(at: number, now: number): string {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const date = at - now < DAY_MS ? {} : ({ month: "short", day: "numeric" } as const);
  return `${new Date(at).toLocaleString("en-US", { ...date, ...time })} (in ${formatAge(at - now)})`;
}
