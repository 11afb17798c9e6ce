import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import * as z from "zod";
import type { TerminalFiles } from "./files.ts";
import type { Iterm2Options } from "./options.ts";

const identity = z.object({ pid: z.number(), startedAt: z.string() });

const schema = z.object({
  /** The session of ours that the terminal was opened for; null for one that a person opened and we adopted. */
  group: z.string().nullable(),
  /** iTerm2's session, once it is known. Another id after a restart does not make it another terminal. */
  session: z.string().optional(),
  /** What iTerm2 calls the session's `pid`: a restored pane with the same id and tag may run another program. */
  sessionPid: z.number().optional(),
  /** The shell that waits for the program; pid and start time. */
  holder: identity.optional(),
  /** The program of a person that we adopted. */
  adopted: identity.optional(),
});
/** What we know of a terminal, beyond what its holder writes down itself. */
export type TerminalRecord = z.infer<typeof schema>;

/** The record of a terminal that exists or existed; undefined when it was closed, or never opened. */
export function readRecord(files: TerminalFiles): TerminalRecord | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(files.record, "utf8")));
  } catch {
    return undefined;
  }
}

/** Several processes may write at once, such as all that find the terminal again after a restart of iTerm2. */
export async function writeRecord(
  files: TerminalFiles,
  record: TerminalRecord,
  { ids }: Pick<Iterm2Options, "ids">,
): Promise<void> {
  const draft = `${files.record}.${ids.next("nce")}`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  await rename(draft, files.record);
}
