export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Record<string, unknown>;

/** Structured log. Message texts of users only at `debug`; secrets never. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** One line of the log, as it was written. */
export interface LogLine {
  /** Epoch ms. */
  at: number;
  level: LogLevel;
  event: string;
  fields: LogFields;
}

/** What the log says, as far as it was written and is still there. */
export interface LogReader {
  /** Lines whose field `agentId` names this agent, written at `since` (epoch ms) or later, oldest first. Never throws. */
  ofAgent(agentId: string, since: number): Promise<LogLine[]>;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
