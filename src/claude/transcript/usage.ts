import { sumUsage, type Usage } from "../../core/message.ts";
import { type OpenBytes, withBytes } from "./byte-source.ts";
import { linesForward } from "./lines.ts";
import { parseRecord } from "./record.ts";

export const NO_USAGE: Usage = sumUsage([]);

const ASSISTANT = Buffer.from('"type":"assistant"');

/**
 * Tokens of a whole transcript, each API message once although it has a line per content block (facts §4). Streams the
 * file; memory grows only by one short key a message. A missing file is no usage.
 */
export async function conversationUsage(openBytes: OpenBytes, path: string): Promise<Usage> {
  return withBytes(openBytes, path, NO_USAGE, async (source) => {
    const counted = new Set<string>();
    let total = NO_USAGE;
    let current: { key: string; usage: Usage } | undefined;
    for await (const line of linesForward(source, 0)) {
      if (!line.bytes.includes(ASSISTANT)) continue;
      const record = parseRecord(line);
      if (record?.type !== "assistant" || record.isSidechain || !record.usage || record.messageId === null) continue;
      const key = `${record.messageId} ${record.requestId ?? ""}`;
      // The last line of a message has its final count.
      if (current?.key === key) current.usage = record.usage;
      else if (!counted.has(key)) {
        if (current) total = sumUsage([total, current.usage]);
        current = { key, usage: record.usage };
        counted.add(key);
      }
    }
    return current ? sumUsage([total, current.usage]) : total;
  });
}
