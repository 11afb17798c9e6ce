import { setTimeout as delay } from "node:timers/promises";

/** Asks until the answer is not undefined; fails after `timeoutMs` with what `describe` knows. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  options: { timeoutMs?: number; everyMs?: number; describe?: () => Promise<string> | string } = {},
): Promise<T> {
  const end = performance.now() + (options.timeoutMs ?? 15_000);
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end)
      throw new Error(`Timed out waiting for ${what}\n${(await options.describe?.()) ?? ""}`);
    await delay(options.everyMs ?? 10);
  }
}
