import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { LogFields, Logger, LogLevel } from "../core/ports/logger.ts";
import { logFileName, removeOldLogs } from "./log-files.ts";
import { redact } from "./redact.ts";

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

interface LoggerOptions {
  /** Folder of the log files; made (0700) with the first line. */
  directory: string;
  level: LogLevel;
  clock: Pick<Clock, "now">;
  /** How long lines are kept at least, in ms; asked when a new day's file is made. Default: for ever. */
  keepMs?: () => number;
  /** Gets each line, too, without its line break. */
  echo?: ((line: string) => void) | undefined;
}

/**
 * One JSON object a line in `<directory>/claude-orch-<UTC date>.log` (0600), appended whole, so that many processes share
 * the file. Opened with the first line, changed at midnight; whoever makes a day's file removes those of days that are older
 * than `keepMs`. Never throws: a log that cannot be written stays silent.
 */
export class JsonLineLogger implements Logger {
  readonly #options: LoggerOptions;
  #open: { date: string; descriptor: number } | undefined;

  constructor(options: LoggerOptions) {
    this.#options = options;
  }

  debug(event: string, fields?: LogFields): void {
    this.#write("debug", event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#write("info", event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#write("warn", event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#write("error", event, fields);
  }

  /** Where today's lines go. */
  get path(): string {
    return join(this.#options.directory, logFileName(this.#timestamp().slice(0, 10)));
  }

  /** For a folder that somebody has just asked for. @throws LOG_DIR_NOT_WRITABLE */
  assertWritable(): void {
    try {
      this.#descriptor();
    } catch (error) {
      const { directory } = this.#options;
      throw new AppError("LOG_DIR_NOT_WRITABLE", `No log can be written to ${directory}`, {
        details: { directory },
        cause: error,
      });
    }
  }

  #write(level: LogLevel, event: string, fields: LogFields | undefined): void {
    if (ORDER.indexOf(level) < ORDER.indexOf(this.#options.level)) return;
    try {
      const fact = { time: this.#timestamp(), level, pid: process.pid, event, ...(redact(fields ?? {}) as LogFields) };
      const line = oneLine(JSON.stringify(fact));
      this.#options.echo?.(line);
      writeSync(this.#descriptor(), `${line}\n`);
    } catch {
      // Nowhere to complain to; the caller's work goes on.
    }
  }

  #descriptor(): number {
    const date = this.#timestamp().slice(0, 10);
    if (this.#open?.date === date) return this.#open.descriptor;
    if (this.#open !== undefined) closeSync(this.#open.descriptor);
    this.#open = undefined;
    mkdirSync(this.#options.directory, { recursive: true, mode: 0o700 });
    const { descriptor, isNew } = openForAppending(this.path);
    this.#open = { date, descriptor };
    if (isNew) this.#removeOld();
    return descriptor;
  }

  #removeOld(): void {
    const { directory, clock, keepMs } = this.#options;
    try {
      if (keepMs) removeOldLogs(directory, clock.now() - keepMs());
    } catch {
      // A setting that cannot be read is told by whoever needs it; the line that is to be written counts more.
    }
  }

  #timestamp(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

/** JSON leaves U+2028 and U+2029 as they are, where readers of lines see an end (Node's own in 24.21, not yet in 20.20). */
function oneLine(json: string): string {
  return json.replace(/[\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** `isNew` for one of all the processes that open the file. */
function openForAppending(file: string): { descriptor: number; isNew: boolean } {
  try {
    return { descriptor: openSync(file, "ax", 0o600), isNew: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return { descriptor: openSync(file, "a", 0o600), isNew: false };
  }
}
