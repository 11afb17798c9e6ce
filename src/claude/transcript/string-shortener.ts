const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/**
 * Makes a JSON text small enough to parse by cutting its long strings, in one pass and constant memory: a tool result
 * of 16 MB still tells its uuid, its parent and whether it failed, without ever being in memory as a whole.
 */
export class StringShortener {
  readonly #maxString: number;
  readonly #maxTotal: number;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #isInString = false;
  #stringBytes = 0;
  /** Bytes that still belong to the escape sequence before them. */
  #escapeLeft = 0;
  #isAfterBackslash = false;
  #isDropping = false;

  constructor(options: { maxString: number; maxTotal: number }) {
    this.#maxString = options.maxString;
    this.#maxTotal = options.maxTotal;
  }

  push(bytes: Buffer): void {
    let keepFrom = this.#isDropping ? -1 : 0;
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index] ?? 0;
      if (!this.#isInString) {
        if (byte === QUOTE) {
          this.#isInString = true;
          this.#stringBytes = 0;
        }
        continue;
      }
      if (this.#isAfterBackslash) {
        this.#isAfterBackslash = false;
        this.#escapeLeft = byte === LETTER_U ? 4 : 0;
        continue;
      }
      if (this.#escapeLeft > 0) {
        this.#escapeLeft -= 1;
        continue;
      }
      if (byte === QUOTE) {
        this.#isInString = false;
        if (this.#isDropping) {
          this.#isDropping = false;
          keepFrom = index;
        }
        continue;
      }
      this.#stringBytes += 1;
      // A cut stands between two characters: never inside an escape sequence, never before a UTF-8 continuation byte.
      if (!this.#isDropping && this.#stringBytes > this.#maxString && (byte & 0xc0) !== 0x80) {
        this.#isDropping = true;
        this.#keep(bytes.subarray(keepFrom, index));
        keepFrom = -1;
      }
      if (byte === BACKSLASH) this.#isAfterBackslash = true;
    }
    if (keepFrom >= 0) this.#keep(bytes.subarray(keepFrom));
  }

  /** The shortened text; undefined when even without long strings it is larger than the bound. */
  result(): Buffer | undefined {
    return this.#keptBytes > this.#maxTotal ? undefined : Buffer.concat(this.#kept);
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length;
    if (this.#keptBytes <= this.#maxTotal) this.#kept.push(bytes);
    else this.#kept.length = 0;
  }
}
