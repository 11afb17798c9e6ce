import { requestCredentials } from "./apple-script.ts";
import { Credentials } from "./credentials.ts";
import { Iterm2Error, type Iterm2ErrorDetails, isIterm2Error } from "./errors.ts";
import type { ClientOptions } from "./options.ts";
import { type Upgraded, upgrade } from "./upgrade.ts";

/**
 * Opens connections with the right cookie. A cookie is consumed by the first handshake that it opens, so each is used once
 * and forgotten, whatever came of it.
 */
export class Authenticator {
  readonly #options: ClientOptions;
  #inherited: Credentials | undefined;

  constructor({ credentials, ...options }: ClientOptions) {
    this.#options = options;
    if (credentials) this.#inherited = new Credentials(credentials.cookie, credentials.key);
  }

  /**
   * One connection. A refused cookie is replaced once: one from the environment is often stale. It is as well where nobody
   * answers: AppleScript knows whether iTerm2 runs at all.
   * @throws what `upgrade` and `requestCredentials` do
   */
  async open(signal?: AbortSignal): Promise<Upgraded> {
    const inherited = this.#inherited;
    this.#inherited = undefined;
    try {
      return inherited ? await upgrade(this.#options, inherited, signal) : await this.#openWithOwnCookie(signal);
    } catch (error) {
      const mayHelp = isIterm2Error(error, "UNAUTHORIZED")
        ? !isRefusal(error.details)
        : inherited && isUnreachable(error);
      if (!mayHelp || !this.#options.processes) throw error;
      this.#options.logger?.debug("iterm2.cookie.refused", { inherited: inherited !== undefined });
      return await this.#openWithOwnCookie(signal);
    }
  }

  async #openWithOwnCookie(signal: AbortSignal | undefined): Promise<Upgraded> {
    const { processes, name, scriptTimeoutMs: timeoutMs = 30_000 } = this.#options;
    if (!processes) return await upgrade(this.#options, undefined, signal);
    let credentials: Credentials;
    try {
      credentials = await requestCredentials(name, { processes, timeoutMs, signal });
    } catch (error) {
      if (!isIterm2Error(error, "AUTOMATION_DENIED", "SCRIPT_FAILED")) throw error;
      return await this.#openWithoutCookie(error, signal);
    }
    return await upgrade(this.#options, credentials, signal);
  }

  /** AppleScript cannot be used. Whoever has "Allow all apps to connect" on needs no cookie; for others the reason stands. */
  async #openWithoutCookie(reason: unknown, signal: AbortSignal | undefined): Promise<Upgraded> {
    try {
      return await upgrade(this.#options, undefined, signal);
    } catch (error) {
      if (isIterm2Error(error, "UNAUTHORIZED")) throw reason;
      // macOS refuses only what it would have passed on: iTerm2 runs, and yet nobody answers.
      if (isIterm2Error(reason, "AUTOMATION_DENIED") && isUnreachable(error)) throw offAndDenied(reason);
      throw error;
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return isIterm2Error(error, "UNREACHABLE") && error.details.reason !== "no-access";
}

function offAndDenied(denied: Iterm2Error): Iterm2Error {
  return new Iterm2Error("API_DISABLED", `iTerm2's Python API is off, and ${denied.message}`, {
    ...(denied.hint !== undefined && { hint: denied.hint }),
    cause: denied,
  });
}

/** The person, not a stale cookie, is why: AppleScript's error 2. Asking again would ask the person again. */
function isRefusal(details: Iterm2ErrorDetails): boolean {
  return details.number === 2;
}
