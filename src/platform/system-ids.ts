import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../core/ports/clock.ts";
import type { IdPrefix, Ids } from "../core/ports/ids.ts";

/** Crockford's base 32 in lower case: sorts like the number it stands for, without i, l, o, u. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const RANDOM_LIMIT = 1n << 80n;

/**
 * Sortable ids: 48 bits of time, 80 bits of randomness. Within a process each id is greater than the one before, also
 * within one millisecond and when the machine's clock is set back.
 */
export class SystemIds implements Ids {
  readonly #clock: Pick<Clock, "now">;
  #time = 0;
  #random = 0n;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  next(prefix: IdPrefix): string {
    this.#advance();
    return `${prefix}_${encode(BigInt(this.#time), TIME_CHARACTERS)}${encode(this.#random, RANDOM_CHARACTERS)}`;
  }

  uuid(): string {
    return randomUUID();
  }

  random(bytes: number): Buffer {
    return randomBytes(bytes);
  }

  #advance(): void {
    const now = this.#clock.now();
    if (now > this.#time) {
      this.#time = now;
      this.#random = BigInt(`0x${randomBytes(10).toString("hex")}`);
      return;
    }
    this.#random += 1n;
    if (this.#random < RANDOM_LIMIT) return;
    this.#time += 1;
    this.#random = 0n;
  }
}

function encode(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  for (let index = 0; index < length; index++) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}
