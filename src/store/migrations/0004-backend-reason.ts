import type { Migration } from "./migration.ts";

/** Why a session has its backend. */
export const backendReason: Migration = {
  name: "0004-backend-reason",
  up(database) {
    database.exec("ALTER TABLE sessions ADD COLUMN backendReason BLOB");
  },
};
