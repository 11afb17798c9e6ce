import { readFileSync } from "node:fs";
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
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw invalid(file, `cannot be read (${code})`, error);
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
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
