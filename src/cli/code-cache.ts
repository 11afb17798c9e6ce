import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/** What Node calls to run the text of a CommonJS module (the same in 20.19 to 22.0, for which this is). */
interface Compiling {
  _compile(this: NodeModule, text: string, file: string, ...rest: unknown[]): unknown;
}

const CHECKSUM_BYTES = 4;

/**
 * Keeps what V8 has compiled of the files below `dist`, one file for each in `folder`, as `module.enableCompileCache` of
 * Node 22.1 does: a third of a short command's time. What cannot be read, is of another version, or does not fit the text is
 * compiled as ever; what cannot be written is left.
 */
export function keepCompiledCode(dist: string, folder: string): void {
  const own = dist + sep;
  const place = join(folder, `${process.version}-${process.arch}`);
  const fresh = new Map<string, { text: string; script: Script }>();
  const prototype = Module.prototype as unknown as Compiling;
  const { _compile: compile } = prototype;

  prototype._compile = function (text, file, ...rest) {
    if (!file.startsWith(own)) return compile.call(this, text, file, ...rest);
    const kept = join(place, relative(dist, file).replaceAll(sep, "+"));
    const cachedData = read(kept, text);
    const script = new Script(Module.wrap(text), { filename: file, ...(cachedData ? { cachedData } : {}) });
    if (!cachedData || script.cachedDataRejected === true) fresh.set(kept, { text, script });
    return script.runInThisContext().call(this.exports, this.exports, createRequire(file), this, file, dirname(file));
  };
  process.once("exit", () => {
    if (fresh.size > 0) write(place, fresh);
  });
}

/** V8 looks at the length of the text and at nothing else: a file that was cut off or is of another text is ours to find. */
function read(kept: string, text: string): Buffer | undefined {
  try {
    const content = readFileSync(kept);
    const data = content.subarray(CHECKSUM_BYTES);
    return checksum(text, data).equals(content.subarray(0, CHECKSUM_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** At the end, when all functions that were needed are compiled. */
function write(place: string, fresh: ReadonlyMap<string, { text: string; script: Script }>): void {
  try {
    mkdirSync(place, { recursive: true });
    for (const [kept, { text, script }] of fresh) {
      const data = script.createCachedData();
      writeFileSync(`${kept}.${process.pid}`, Buffer.concat([checksum(text, data), data]));
      renameSync(`${kept}.${process.pid}`, kept);
    }
  } catch {
    // A package that is not ours to write into.
  }
}

/** Against accidents: whoever may write here may write the code itself. */
function checksum(text: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(CHECKSUM_BYTES);
  bytes.writeUInt32BE(crc32(data, crc32(text)));
  return bytes;
}
