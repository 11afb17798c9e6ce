import { readFileSync, statSync } from "node:fs";
import * as z from "zod";
import { AppError } from "../core/errors.ts";

/** Values of a JSON config file; none when there is no file. @throws CONFIG_VALUE_INVALID naming the file */
export function readConfigFile(file: string): Record<string, unknown> {
  const text = textOf(file);
  if (text === undefined || text.trim() === "") return {};
  const result = z.record(z.string(), z.unknown()).safeParse(jsonOf(text, file));
  if (result.success) return result.data;
  throw invalid(file, "does not hold a JSON object");
}

function textOf(file: string): string | undefined {
  try {
    // Opening a pipe waits for its other end, for ever, and no signal gets through meanwhile.
    if (statSync(file).isFIFO()) throw invalid(file, "is a pipe");
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw invalid(file, `cannot be read (${code})`, error);
  }
}

/** Some editors begin a file with a byte order mark, which nobody sees. */
export function parseConfigText(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ""));
}

function jsonOf(text: string, file: string): unknown {
  try {
    return parseConfigText(text);
  } catch (error) {
    throw invalid(file, "is not valid JSON", error);
  }
}

function invalid(file: string, problem: string, cause?: unknown): AppError {
  return new AppError("CONFIG_VALUE_INVALID", `The config file ${file} ${problem}`, {
    hint: "Correct the file by hand, or remove it.",
    details: { file },
    cause,
  });
}
