import { type Output, printable } from "../output.ts";

/** Plain form of any result: one field a line, nested ones indented. */
export function renderFields(value: unknown, output: Output): void {
  output.data(formatFields(value).join("\n"));
}

function formatFields(value: unknown, indent = ""): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}none`];
    return value.flatMap((item) =>
      isRecord(item) ? [...formatFields(item, indent), ""] : [`${indent}${scalar(item)}`],
    );
  }
  if (!isRecord(value)) return [`${indent}${scalar(value)}`];
  return Object.entries(value).flatMap(([key, item]) => {
    if (isRecord(item) || Array.isArray(item)) return [`${indent}${key}:`, ...formatFields(item, `${indent}  `)];
    return [`${indent}${key}: ${scalar(item)}`];
  });
}

function scalar(value: unknown): string {
  return value === null || value === undefined ? "-" : printable(String(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
