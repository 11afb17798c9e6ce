import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { AppError } from "../core/errors.ts";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

interface CipherOptions {
  /** 32 bytes. */
  key: Buffer;
  random(bytes: number): Buffer;
}

/**
 * Field encryption: AES-256-GCM; a field is version byte, nonce, tag, ciphertext. The place (`table.column:id`) is
 * authenticated with it, so that a value moved to another row or column is found out.
 */
export class FieldCipher {
  readonly #encryption: KeyObject;
  readonly #lookup: KeyObject;
  readonly #random: (bytes: number) => Buffer;

  constructor({ key, random }: CipherOptions) {
    this.#encryption = subkey(key, "claude-orch field encryption 1");
    this.#lookup = subkey(key, "claude-orch equality lookup 1");
    this.#random = random;
  }

  seal(place: string, text: string): Buffer {
    const nonce = this.#random(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#encryption, nonce);
    cipher.setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
  }

  /** @throws STORE_CORRUPT when the field was altered, moved or sealed with another key */
  open(place: string, sealed: Uint8Array): string {
    const text = this.tryOpen(place, sealed);
    if (text !== undefined) return text;
    throw new AppError("STORE_CORRUPT", `A stored value has been altered (${place})`, { details: { place } });
  }

  tryOpen(place: string, sealed: Uint8Array): string | undefined {
    if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) return undefined;
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", this.#encryption, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }

  /** Keyed hash by which a sealed value can be looked up without being readable. */
  lookup(scope: string, text: string): string {
    return createHmac("sha256", this.#lookup).update(`${scope}\0${text}`).digest("base64url");
  }
}

function subkey(key: Buffer, purpose: string): KeyObject {
  return createSecretKey(createHmac("sha256", key).update(purpose).digest());
}
