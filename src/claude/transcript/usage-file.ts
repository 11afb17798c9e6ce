import { readFile } from "node:fs/promises";
import * as z from "zod";
import { usageView } from "../../core/message.ts";
import { writePrivateFile } from "../launch/private-file.ts";
import { UsageTally } from "./usage.ts";

const savedTally = z.object({
  total: usageView,
  keys: z.array(z.string()),
  marks: z.record(
    z.string(),
    z.object({ offset: z.number().int(), newest: z.object({ key: z.string(), usage: usageView }).nullable() }),
  ),
});

/** What was summed before; from nothing where there is no such file, or none that can be read. */
export async function loadTally(file: string): Promise<UsageTally> {
  try {
    return new UsageTally(savedTally.parse(JSON.parse(await readFile(file, "utf8"))));
  } catch {
    return new UsageTally();
  }
}

/** It only saves reading: what cannot be written, or is written by another process just now, is summed again next time. */
export async function saveTally(file: string, tally: UsageTally): Promise<void> {
  await writePrivateFile(file, JSON.stringify(tally.saved())).catch(() => undefined);
}
