import { readFileSync } from "node:fs";

/** Text of a file that a terminal's holder writes; undefined when it is not there (yet). */
export function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The whole number that such a file begins with; undefined when there is none. */
export function numberIn(file: string): number | undefined {
  const value = Number.parseInt(textIn(file) ?? "", 10);
  return Number.isNaN(value) ? undefined : value;
}
