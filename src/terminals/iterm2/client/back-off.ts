const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * How long to wait before the next attempt: doubling from a quarter of a second to the longest, each shortened by up to
 * half at random, so that several programs do not all come back at the same moment.
 * @param attempt attempts made so far, from 1
 * @param random a number in [0, 1)
 */
export function backOffMs(attempt: number, random: number, longestMs = LONGEST_MS): number {
  return Math.min(longestMs, FIRST_MS * 2 ** (attempt - 1)) * (1 - random / 2);
}
