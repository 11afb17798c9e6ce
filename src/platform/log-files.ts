import { readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";

const NAME = /^claude-orch-(\d{4}-\d{2}-\d{2})\.log$/;
const DAY_MS = 86_400_000;

/** Name of the log file of a UTC day (`2026-11-21`). */
export function logFileName(day: string): string {
  return `claude-orch-${day}.log`;
}

/** The day of a log file; undefined for somebody else's file. */
export function dayOfLogFile(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** Removes the files of days that were over before `before` (epoch ms). Never throws. */
export function removeOldLogs(directory: string, before: number): void {
  for (const name of namesIn(directory)) {
    const day = dayOfLogFile(name);
    if (day === undefined || !(Date.parse(day) + DAY_MS <= before)) continue;
    try {
      unlinkSync(join(directory, name));
    } catch {
      // Another process was faster, or it is no file.
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
