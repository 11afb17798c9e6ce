import { AppError } from "../../core/errors.ts";
import type { SqliteDatabase } from "../sqlite-library.ts";
import { initial } from "./0001-initial.ts";
import { attention } from "./0002-attention.ts";
import { waits } from "./0003-waits.ts";
import { backendReason } from "./0004-backend-reason.ts";
import { worktrees } from "./0005-worktrees.ts";
import { tasks } from "./0006-tasks.ts";
import { workflows } from "./0007-workflows.ts";
import { teams } from "./0008-teams.ts";
import { protocol } from "./0009-protocol.ts";
import { history } from "./0010-history.ts";
import { checker } from "./0011-checker.ts";
import type { Migration } from "./migration.ts";

/** All steps in order; their count is the schema's version, kept in the file's `user_version`. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  attention,
  waits,
  backendReason,
  worktrees,
  tasks,
  workflows,
  teams,
  protocol,
  history,
  checker,
];

/** Version of the schema in the file; 0 for an empty file. @throws STORE_TOO_NEW */
export function schemaVersion(
  database: SqliteDatabase,
  file: string,
  known: readonly Migration[] = MIGRATIONS,
): number {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version <= known.length) return version;
  throw new AppError("STORE_TOO_NEW", `The store ${file} has schema ${version}; this version knows ${known.length}`, {
    details: { file, schemaVersion: version, knownVersion: known.length },
  });
}

/** Runs the missing steps. The caller holds a write transaction, so that processes which start together take turns. */
export function migrate(
  database: SqliteDatabase,
  from: number,
  now: number,
  steps: readonly Migration[] = MIGRATIONS,
): void {
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    step.up(database);
    database.prepare("INSERT INTO facts (name, value) VALUES (?, ?)").run(`migration ${step.name}`, now);
  }
  database.exec(`PRAGMA user_version = ${steps.length}`);
}
