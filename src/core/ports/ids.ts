export type IdPrefix = "ses" | "agt" | "msg" | "req" | "nce" | "tsk" | "wfr" | "wtr" | "crd";

/** Identifiers. */
export interface Ids {
  /** A new id such as `agt_01k…`: prefix, underscore, 26 sortable characters `[0-9a-z]`. */
  next(prefix: IdPrefix): string;
  /** A random UUID (v4), used as Claude Code session id. */
  uuid(): string;
  /** `bytes` random bytes, for tokens and keys. */
  random(bytes: number): Buffer;
}
