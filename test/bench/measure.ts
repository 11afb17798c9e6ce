export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/** What is timed; what it returns puts things back in order, outside of the time. */
type Contestant = () => unknown | Promise<() => Promise<void>>;

/**
 * Runs the contestants in turn, `rounds` times, so that what slows the machine down slows them all; returns the median
 * time of each. Unless told otherwise, a first round warms up and does not count.
 */
export async function alternate<K extends string>(
  rounds: number,
  contestants: Record<K, Contestant>,
  options: { isWarm?: boolean } = {},
): Promise<Record<K, number>> {
  const times = new Map<string, number[]>();
  for (let round = options.isWarm ? 1 : 0; round <= rounds; round++) {
    for (const [name, work] of Object.entries<Contestant>(contestants)) {
      const start = performance.now();
      const tidy = await work();
      const time = performance.now() - start;
      if (round > 0) times.set(name, [...(times.get(name) ?? []), time]);
      if (typeof tidy === "function") await tidy();
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)])) as Record<K, number>;
}
