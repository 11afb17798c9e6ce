import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where Linux keeps the groups whose memory is bounded: version 2, and version 1. */
const PLACES = [
  { line: /^0::(\/.*)$/m, root: "/sys/fs/cgroup", field: /^inactive_file (\d+)$/m },
  { line: /^\d+:memory:(\/.*)$/m, root: "/sys/fs/cgroup/memory", field: /^total_inactive_file (\d+)$/m },
];

/** Bytes of our group's file cache that nobody has used of late; 0 where nobody can tell. */
export async function reclaimableCache(read: (path: string) => Promise<string> = readText): Promise<number> {
  const groups = await read("/proc/self/cgroup");
  for (const { line, root, field } of PLACES) {
    const [, group] = line.exec(groups) ?? [];
    if (group === undefined) continue;
    // In a container the path may be the host's, and its own group the root that it sees.
    const stat = (await read(join(root, group, "memory.stat"))) || (await read(join(root, "memory.stat")));
    const [, bytes] = field.exec(stat) ?? [];
    if (bytes !== undefined) return Number(bytes);
  }
  return 0;
}

function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
