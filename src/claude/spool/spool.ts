import { BLOCK_BYTES, type ByteSource, blocks, type OpenBytes, withBytes } from "../transcript/byte-source.ts";
import { EventSplitter } from "./event-splitter.ts";
import type { HookEvent } from "./hook-event.ts";

export interface SpoolPage {
  events: HookEvent[];
  /** Byte offset to go on from. */
  offset: number;
  /** Epoch ms of the last write: the time of the newest event, which carries none itself. Null when there is no file. */
  writtenAt: number | null;
}

const NO_SPOOL: SpoolPage = { events: [], offset: 0, writtenAt: null };
const MAX_TAIL_BYTES = 4 * 1024 * 1024;

/** The events that begin at or after `offset`. A file that became shorter was begun anew and is read from its start. */
export async function readSpool(openBytes: OpenBytes, path: string, offset: number): Promise<SpoolPage> {
  return withBytes(openBytes, path, NO_SPOOL, async (source) => {
    const from = offset > source.size ? 0 : offset;
    return read(source, from, false);
  });
}

/**
 * The newest events without reading the whole file: as many blocks from its end as it takes to see one that `isEnough`
 * accepts, 4 MB at most.
 */
export async function readSpoolTail(
  openBytes: OpenBytes,
  path: string,
  isEnough: (events: readonly HookEvent[]) => boolean,
): Promise<SpoolPage> {
  return withBytes(openBytes, path, NO_SPOOL, async (source) => {
    for (let length = BLOCK_BYTES; ; length *= 4) {
      const from = Math.max(0, source.size - length);
      const page = await read(source, from, from > 0);
      if (from === 0 || isEnough(page.events) || length >= MAX_TAIL_BYTES) return page;
    }
  });
}

/** Size of the spool now: only events from there on are newer. */
export async function spoolSize(openBytes: OpenBytes, path: string): Promise<number> {
  return withBytes(openBytes, path, 0, async (source) => source.size);
}

async function read(source: ByteSource, from: number, isInside: boolean): Promise<SpoolPage> {
  const splitter = new EventSplitter(from, { isInside });
  const events: HookEvent[] = [];
  for await (const block of blocks(source, from, source.size)) events.push(...splitter.push(block));
  events.push(...splitter.finish());
  return { events, offset: splitter.offset, writtenAt: source.modifiedAt };
}
