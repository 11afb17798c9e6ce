import * as z from "zod";
import { parsePriority } from "../../core/task-priority.ts";

/** Input fields that the operations on tasks share. */

export const taskRef = z.string().min(1).describe("Task id, number (7, TASK_7, session/7) or title");

/** A name, or a number from 1 to 10: programs write that as a number, the command line as text. */
export const priority = z
  .union([z.string(), z.number()])
  .refine(
    (value) => parsePriority(String(value)) !== undefined,
    "write low, normal, high, urgent or a number from 1 to 10",
  );
export const ABOUT_PRIORITY = "low (3), normal (5), high (7), urgent (9), or a number from 1 (can wait) to 10 (first)";

/** One line, short enough for a table. */
export const title = z.string().trim().min(1).max(200);

export const needs = z.array(z.string().min(1));
