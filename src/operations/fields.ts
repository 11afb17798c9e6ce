import * as z from "zod";
import { parseDuration } from "../core/duration.ts";

/** Input fields that several operations share. */

export const sessionRef = z
  .string()
  .min(1)
  .optional()
  .describe("Session id or name; by default the one that holds the current directory");

export const agentRef = z.string().min(1).describe("Agent id, name, or session/name");

export const duration = (what: string) =>
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, "write a duration such as 90s, 10m or 1h30m")
    .optional()
    .describe(what);

/** Milliseconds of a duration field, or of the setting that stands in for it. */
export function milliseconds(given: string | undefined, setting: string): number {
  return parseDuration(given ?? setting) ?? parseDuration(setting) ?? 0;
}
