/** `2026-11-21 15:04`: an ISO time for a person, in local time. */
export function localTime(iso: string): string {
  return localSecond(iso).slice(0, -3);
}

/** `2026-11-21 15:04:05`. */
export function localSecond(iso: string): string {
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
