import { availableParallelism, loadavg } from "node:os";
import { measureIterm2 } from "./parts/iterm2.ts";
import { measureMcp } from "./parts/mcp.ts";
import { measureMemory } from "./parts/memory.ts";
import { measureMessages } from "./parts/messages.ts";
import { measureScheduler } from "./parts/scheduler.ts";
import { measureSpawn } from "./parts/spawn.ts";
import { measureStart } from "./parts/start.ts";
import { measureStatus } from "./parts/status.ts";
import { measureTranscript } from "./parts/transcript.ts";
import { formatRow, isMet, type Row, ratio } from "./row.ts";

const PARTS: Record<string, () => Promise<Row[]>> = {
  start: measureStart,
  status: measureStatus,
  transcript: measureTranscript,
  mcp: measureMcp,
  memory: measureMemory,
  messages: measureMessages,
  spawn: measureSpawn,
  scheduler: measureScheduler,
  iterm2: measureIterm2,
};

/** Returns the exit code: 0 also where an aim was missed, for that is a finding and no failure. */
export async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes("--json");
  const wanted = args.filter((arg) => arg !== "--json");
  const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no part ${unknown.join(", ")}. Parts: ${Object.keys(PARTS).join(", ")}\n`);
    return 2;
  }
  const rows: Row[] = [];
  // Who reads the figures must know how busy the machine was: children of a busy one wait for each other.
  const machine = { node: process.version, cores: availableParallelism(), load: loadavg()[0] ?? 0 };
  if (!isJson) process.stdout.write(`node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(1)}\n`);
  for (const [name, measure] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (!isJson) process.stdout.write(`${name}\n`);
    for (const row of await measure()) {
      rows.push(row);
      if (!isJson) process.stdout.write(formatRow(row));
    }
  }
  if (isJson) {
    const results = rows.map((row) => ({ ...row, ratio: ratio(row), met: isMet(row) ?? null }));
    process.stdout.write(`${JSON.stringify({ machine, results })}\n`);
  }
  return 0;
}
