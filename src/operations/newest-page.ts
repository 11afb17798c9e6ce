/** Claude Code puts MCP results above some 40 kB aside (claude-code-facts §12). */
const MAX_CHARS = 30_000;

/** As many of the last entries as fit into a result for a program, and always the very last. */
export function newestPage<T>(entries: readonly T[]): T[] {
  let room = MAX_CHARS;
  let first = entries.length;
  while (first > 0) {
    room -= JSON.stringify(entries[first - 1]).length;
    if (room < 0 && first < entries.length) break;
    first -= 1;
  }
  return entries.slice(first);
}
