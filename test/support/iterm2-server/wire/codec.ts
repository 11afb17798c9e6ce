import type { Message, Value } from "./message.ts";
import { SCHEMA } from "./schema.ts";

/**
 * A protobuf (proto2) codec driven by the tables of iterm2-facts §2. It shares nothing with the client's generated code
 * on purpose: a field number that is wrong on one side must not be wrong on the other as well.
 */
export class Codec {
  readonly #types = new Map<string, Field[]>();

  encode(type: string, message: Message): Uint8Array {
    const out: number[] = [];
    for (const [name, value] of Object.entries(message)) {
      if (value === undefined) continue;
      const field = this.#fields(type).find((candidate) => candidate.name === name);
      if (!field) throw new Error(`${type} has no field ${name}`);
      for (const item of Array.isArray(value) ? value : [value]) this.#put(out, field, item);
    }
    return Uint8Array.from(out);
  }

  /** Unknown fields are skipped. @throws Undecodable */
  decode(type: string, data: Uint8Array): Message {
    const reader = new Reader(data);
    const message: Message = {};
    while (!reader.isAtEnd) {
      const key = Number(reader.varint());
      const wire = key & 7;
      const field = this.#fields(type).find((candidate) => candidate.no === key >>> 3);
      if (!field) {
        reader.skip(wire);
        continue;
      }
      if (field.group) {
        const rivals = this.#fields(type).filter((other) => other.group === field.group && other !== field);
        for (const rival of rivals) delete message[rival.name];
      }
      for (const value of this.#get(reader, field, wire)) {
        if (!field.isRepeated) message[field.name] = value;
        else message[field.name] = [...((message[field.name] as Value[] | undefined) ?? []), value];
      }
    }
    return message;
  }

  #put(out: number[], field: Field, value: Value): void {
    const wire = wireType(field.type);
    putVarint(out, BigInt((field.no << 3) | wire));
    if (wire === 0) putVarint(out, BigInt(Number(value)));
    else if (wire === 1) out.push(...new Uint8Array(new Float64Array([Number(value)]).buffer));
    else {
      const body = this.#body(field, value);
      putVarint(out, BigInt(body.length));
      for (const byte of body) out.push(byte);
    }
  }

  #body(field: Field, value: Value): Uint8Array {
    if (typeof value === "string") return new TextEncoder().encode(value);
    if (value instanceof Uint8Array) return value;
    return this.encode(field.type, value as Message);
  }

  #get(reader: Reader, field: Field, wire: number): Value[] {
    const expected = wireType(field.type);
    if (expected === 0 && wire === 2 && field.isRepeated) {
      const packed = new Reader(reader.chunk());
      const values: Value[] = [];
      while (!packed.isAtEnd) values.push(scalar(field.type, packed.varint()));
      return values;
    }
    if (wire !== expected) throw new Undecodable(`field ${field.name} has wire type ${wire}`);
    if (wire === 0) return [scalar(field.type, reader.varint())];
    if (wire === 1) return [reader.double()];
    const chunk = reader.chunk();
    if (field.type === "bytes") return [chunk];
    return [field.type === "string" ? utf8(chunk) : this.decode(field.type, chunk)];
  }

  #fields(type: string): Field[] {
    let fields = this.#types.get(type);
    if (!fields) {
      const declared = SCHEMA[type];
      if (declared === undefined) throw new Error(`No message ${type}`);
      fields = declared
        .split(";")
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .map(parseField);
      this.#types.set(type, fields);
    }
    return fields;
  }
}

/** The bytes are no message of the schema: a real iTerm2 ignores them without a word. */
export class Undecodable extends Error {
  /** The bytes hold a UTF-16 surrogate: the sender encoded half a character. */
  readonly hasSurrogate: boolean;

  constructor(why: string, hasSurrogate = false) {
    super(why);
    this.hasSurrogate = hasSurrogate;
  }
}

interface Field {
  name: string;
  type: string;
  no: number;
  isRepeated: boolean;
  /** Of the fields of one group (a oneof) only the last one on the wire counts. */
  group?: string;
}

/** `[*]type name number [@group]`; the star stands for repeated. */
function parseField(line: string): Field {
  const [, star, type = "", name = "", no = "", group] = /^(\*?)(\w+) (\w+) (\d+)(?: @(\w+))?$/.exec(line) ?? [];
  if (name === "") throw new Error(`Not a field: ${line}`);
  return { name, type, no: Number(no), isRepeated: star === "*", ...(group === undefined ? {} : { group }) };
}

function wireType(type: string): number {
  if (["int32", "int64", "uint32", "bool", "enum"].includes(type)) return 0;
  return type === "double" ? 1 : 2;
}

function scalar(type: string, raw: bigint): number | boolean {
  if (type === "bool") return raw !== 0n;
  if (type === "uint32") return Number(BigInt.asUintN(32, raw));
  return Number(BigInt.asIntN(type === "int64" ? 64 : 32, raw));
}

function utf8(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    const hasSurrogate = data.some((byte, index) => byte === 0xed && (data[index + 1] ?? 0) >= 0xa0);
    throw new Undecodable("a string is not UTF-8", hasSurrogate);
  }
}

function putVarint(out: number[], value: bigint): void {
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
}

class Reader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#data.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#data[this.#at++];
      if (byte === undefined) throw new Undecodable("a number is cut off");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Undecodable("a number is too long");
  }

  chunk(length = Number(this.varint())): Uint8Array {
    const end = this.#at + length;
    if (end > this.#data.length) throw new Undecodable("a field is cut off");
    const chunk = this.#data.subarray(this.#at, end);
    this.#at = end;
    return chunk;
  }

  double(): number {
    const chunk = this.chunk(8);
    return new DataView(chunk.buffer, chunk.byteOffset, 8).getFloat64(0, true);
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.chunk(8);
    else if (wire === 2) this.chunk();
    else if (wire === 5) this.chunk(4);
    else throw new Undecodable(`wire type ${wire}`);
  }
}
