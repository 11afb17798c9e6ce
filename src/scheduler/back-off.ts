const FIRST_MS = 10_000;
const LONGEST_MS = 10 * 60_000;

/** How long a task rests after its n-th failed try (1, 2, 3 …). */
export function backOff(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), LONGEST_MS);
}
