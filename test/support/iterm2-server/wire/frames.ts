export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  isFinal: boolean;
  opcode: number;
  isMasked: boolean;
  payload: Buffer;
}

/** Cuts a byte stream into WebSocket frames, without any of the conveniences of a library: fragments stay visible. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  push(data: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const data = this.#rest;
    if (data.length < 2) return undefined;
    const [first, second] = [data.readUInt8(0), data.readUInt8(1)];
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const maskBytes = second & 0x80 ? 4 : 0;
    const start = 2 + lengthBytes + maskBytes;
    if (data.length < start) return undefined;
    const length =
      lengthBytes === 0 ? short : lengthBytes === 2 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    if (data.length < start + length) return undefined;
    const payload = Buffer.from(data.subarray(start, start + length));
    if (maskBytes > 0) {
      const mask = data.subarray(start - 4, start);
      for (let index = 0; index < length; index++) payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
    }
    this.#rest = data.subarray(start + length);
    return { isFinal: (first & 0x80) !== 0, opcode: first & 0x0f, isMasked: maskBytes > 0, payload };
  }
}

/** One whole frame as a server sends it (unmasked), or, with a mask, as a client does. */
export function frame(
  opcode: number,
  payload: Uint8Array = new Uint8Array(),
  { mask, isFinal = true }: { mask?: readonly [number, number, number, number]; isFinal?: boolean } = {},
): Buffer {
  const masked = mask ? 0x80 : 0;
  const first = (isFinal ? 0x80 : 0) | opcode;
  let head: Buffer;
  if (payload.length < 126) head = Buffer.from([first, masked | payload.length]);
  else if (payload.length < 65_536) {
    head = Buffer.alloc(4);
    head.writeUInt16BE(payload.length, 2);
    head.set([first, masked | 126]);
  } else {
    head = Buffer.alloc(10);
    head.writeBigUInt64BE(BigInt(payload.length), 2);
    head.set([first, masked | 127]);
  }
  if (!mask) return Buffer.concat([head, payload]);
  const hidden = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, Buffer.from(mask), hidden]);
}
