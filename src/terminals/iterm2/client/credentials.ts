import { inspect } from "node:util";

/** Cookie and key of one handshake. Nothing that prints or serialises an object shows them. */
export class Credentials {
  readonly #cookie: string;
  readonly #key: string | undefined;

  constructor(cookie: string, key?: string) {
    this.#cookie = cookie;
    this.#key = key;
  }

  /** The headers of the upgrade request. */
  headers(): Record<string, string> {
    return { "x-iterm2-cookie": this.#cookie, ...(this.#key && { "x-iterm2-key": this.#key }) };
  }

  toJSON(): string {
    return "[iTerm2 credentials]";
  }

  [inspect.custom](): string {
    return "[iTerm2 credentials]";
  }
}
