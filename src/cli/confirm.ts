import { createInterface } from "node:readline/promises";
import { AppError } from "../core/errors.ts";
import type { Operation } from "../operations/operation.ts";
import type { Output } from "./output.ts";

/**
 * Asks a person before something is destroyed.
 * @throws CONFIRMATION_REQUIRED when nobody can be asked, CANCELLED when the answer is no
 */
export async function confirm(
  operation: Operation,
  subjects: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const what = `${operation.title.replace(/ an? /, " ")} ${subjects.join(" ")}`.trim();
  if (!process.stdin.isTTY || !output.isTerminal) {
    throw new AppError("CONFIRMATION_REQUIRED", `${what}: nobody is there to confirm it`);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${what}? [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new AppError("CANCELLED", "Not confirmed; nothing was done");
  } finally {
    prompt.close();
  }
}
