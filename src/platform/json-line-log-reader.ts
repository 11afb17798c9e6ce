import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LogLevel, LogLine, LogReader } from "../core/ports/logger.ts";
import { dayOfLogFile } from "./log-files.ts";

/** Reads what JsonLineLogger wrote, a file for each UTC day. Streamed: a day of a busy server is long. */
export class JsonLineLogReader implements LogReader {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async ofAgent(agentId: string, since: number): Promise<LogLine[]> {
    const found: LogLine[] = [];
    for (const file of await this.#filesSince(since)) {
      try {
        for await (const text of createInterface({ input: createReadStream(join(this.#directory, file)) })) {
          // Cheaper than taking every line apart.
          const line = text.includes(agentId) ? parseLine(text) : undefined;
          if (line?.fields.agentId === agentId && line.at >= since) found.push(line);
        }
      } catch {
        // Somebody else's file, or removed meanwhile: the rest still tells something.
      }
    }
    return found.sort((a, b) => a.at - b.at);
  }

  async #filesSince(since: number): Promise<string[]> {
    const first = new Date(since).toISOString().slice(0, 10);
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter((name) => (dayOfLogFile(name) ?? "") >= first).sort();
  }
}

/** Undefined for half a line, or somebody else's. */
function parseLine(text: string): LogLine | undefined {
  try {
    const { time, level, pid: _, event, ...fields } = JSON.parse(text) as Record<string, unknown>;
    const at = Date.parse(String(time));
    if (Number.isNaN(at) || typeof event !== "string") return undefined;
    return { at, level: level as LogLevel, event, fields };
  } catch {
    return undefined;
  }
}
