/** Is this moment (epoch ms) inside a span of local time such as `22:00-07:30`? A span of no length holds nothing. */
export function isQuiet(span: string | null, now: number): boolean {
  const [from, to] = (span ?? "").split("-").map(minutesOfDay);
  if (from === undefined || to === undefined) return false;
  const local = new Date(now);
  const minute = local.getHours() * 60 + local.getMinutes();
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minutesOfDay(time: string): number | undefined {
  const match = /^(\d\d):(\d\d)$/.exec(time);
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}
