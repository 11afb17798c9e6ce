import { createHash } from "node:crypto";

export interface Credentials {
  /** 32 lower-case hex digits. */
  cookie: string;
  /** A UUID; it only groups entries in the Script Console. */
  key: string;
}

/** The cookies of one run of iTerm2. A cookie is good for exactly one handshake (iterm2-facts §1 row 6). */
export class CookieJar {
  readonly #valid = new Set<string>();
  readonly #issued: Credentials[] = [];

  /** Everything ever handed out, so that a test can look for leaks. */
  get issued(): readonly Credentials[] {
    return this.#issued;
  }

  issue(): Credentials {
    const digest = createHash("sha256").update(`cookie ${this.#issued.length}`).digest("hex");
    const uuid = digest.slice(32).toUpperCase();
    const key = [uuid.slice(0, 8), uuid.slice(8, 12), uuid.slice(12, 16), uuid.slice(16, 20), uuid.slice(20, 32)];
    const credentials = { cookie: digest.slice(0, 32), key: key.join("-") };
    this.#issued.push(credentials);
    this.#valid.add(credentials.cookie);
    return credentials;
  }

  /** Whether the cookie was good; it is not any more. */
  redeem(cookie: string | undefined): boolean {
    return cookie !== undefined && this.#valid.delete(cookie);
  }

  /** Cookies do not outlive the iTerm2 that issued them. */
  expire(): void {
    this.#valid.clear();
  }
}
