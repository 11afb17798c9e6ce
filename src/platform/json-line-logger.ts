import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { LogFields, Logger, LogLevel } from "../core/ports/logger.ts";
import { redact } from "./redact.ts";

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

interface LoggerOptions {
  /** Folder of the log files; made (0700) with the first line. */
  directory: string;
  level: LogLevel;
  clock: Pick<Clock, "now">;
  /** Gets each line, too, without its line break. */
  echo?: ((line: string) => void) | undefined;
}

/**
 * One JSON object a line in `<directory>/claude-orch-<UTC date>.log` (0600), appended whole, so that many processes share
 * the file. Opened with the first line, changed at midnight. Never throws: a log that cannot be written stays silent.
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
    return join(this.#options.directory, `claude-orch-${this.#timestamp().slice(0, 10)}.log`);
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
      const line = JSON.stringify(fact);
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
    this.#open = { date, descriptor: openSync(this.path, "a", 0o600) };
    return this.#open.descriptor;
  }

  #timestamp(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}
