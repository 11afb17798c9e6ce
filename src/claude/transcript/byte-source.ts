import { closeSync, fstatSync, openSync, read } from "node:fs";
import { promisify } from "node:util";

/** Random access to the bytes of one growing file; injected so that tests can count what is read. */
export interface ByteSource {
  /** Size in bytes when it was opened. Bytes appended later are read by opening again. */
  readonly size: number;
  /** Epoch ms of the last write. */
  readonly modifiedAt: number;
  /** Fills `into` from `position` on; answers how many bytes were there. */
  read(into: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens a file for reading; undefined when it does not exist (yet). */
export type OpenBytes = (path: string) => Promise<ByteSource | undefined>;

const readBytes = promisify(read);

/** Opening takes microseconds, and the thread pool ten times as long; reading may be much, and leaves room for others. */
export const openFile: OpenBytes = async (path) => {
  const descriptor = openExisting(path);
  if (descriptor === undefined) return undefined;
  const { size, mtimeMs } = fstatSync(descriptor);
  return {
    size,
    modifiedAt: mtimeMs,
    read: async (into, position) => (await readBytes(descriptor, into, 0, into.length, position)).bytesRead,
    close: async () => closeSync(descriptor),
  };
};

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Runs `use` with the opened file and closes it; `absent` when there is none. */
export async function withBytes<T>(
  openBytes: OpenBytes,
  path: string,
  absent: T,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const source = await openBytes(path);
  if (!source) return absent;
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

export const BLOCK_BYTES = 64 * 1024;

/** The bytes `[from, to)` in blocks of 64 KB, each in a buffer of its own. Ends early where the file does. */
export async function* blocks(source: ByteSource, from: number, to: number): AsyncGenerator<Buffer> {
  for (let position = from; position < to; ) {
    const block = await readSpan(source, position, Math.min(to, position + BLOCK_BYTES));
    if (block.length === 0) return;
    position += block.length;
    yield block;
  }
}

/** The bytes `[from, to)`, or fewer where the file ends. */
export async function readSpan(source: ByteSource, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
  let filled = 0;
  while (filled < buffer.length) {
    const count = await source.read(buffer.subarray(filled), from + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
