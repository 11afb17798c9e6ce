import type { Migration } from "./migration.ts";

/** Which check a task has started; the column was made for something that was never used. And what a task says of its conversation. */
export const checker: Migration = {
  name: "0011-checker",
  up(database) {
    database.exec(`
      ALTER TABLE tasks RENAME COLUMN holder TO checker;
      ALTER TABLE tasks ADD COLUMN conversation TEXT;
    `);
  },
};
