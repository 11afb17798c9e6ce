import { type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { linesBackward } from "../transcript/lines.ts";
import { parseRecord } from "../transcript/record.ts";

/** A use of a tool, by the transcript. */
export interface RecordedUse {
  id: string;
  name: string;
  input: unknown;
  /** Its result stands there as well. */
  isSettled: boolean;
}

/** What is asked stands at the end of the transcript: the agent waits for it. */
const MAX_BACK_BYTES = 1024 * 1024;

/**
 * Uses of tools in the newest turn, oldest first. They tell what a dialog is about where no hook does (an adopted agent
 * has none of ours, and 2.1.330 tells its hooks no plan that stands in no plan file), and which requests are settled by a
 * refusal, which leaves no event.
 */
export async function recordedUses(openBytes: OpenBytes, transcript: string): Promise<RecordedUse[]> {
  return withBytes<RecordedUse[]>(openBytes, transcript, [], async (source) => {
    const uses: RecordedUse[] = [];
    const settled = new Set<string>();
    for await (const line of linesBackward(source)) {
      if (line.offset < source.size - MAX_BACK_BYTES) break;
      const record = parseRecord(line);
      if (record?.type === "user") {
        for (const { toolUseId } of record.results) settled.add(toolUseId);
        if (record.role === "prompt") break;
      } else if (record?.type === "assistant") {
        const used = record.blocks.flatMap((block) => (block.kind === "tool_use" ? [block] : []));
        uses.unshift(...used.map(({ id, name, input }) => ({ id, name, input, isSettled: settled.has(id) })));
      }
    }
    return uses;
  });
}
