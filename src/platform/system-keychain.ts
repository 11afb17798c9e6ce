import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import type { Keychain } from "../core/ports/keychain.ts";
import type { ProcessRunner } from "../core/ports/process-runner.ts";

/** A keychain that is locked asks the person first. */
const ACCESS_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 3_000;

interface SystemKeychainOptions {
  processes: Pick<ProcessRunner, "run">;
  service?: string;
  /** Environment of the helper process; it names the session's bus. */
  environment: Record<string, string>;
  probeTimeoutMs?: number;
}

interface Request {
  action: "probe" | "get" | "set";
  service: string;
  account: string;
  secret?: string;
}

/**
 * The system's secret store through the optional package @napi-rs/keyring.
 *
 * Its calls run in a helper process: on a bus that accepts and never answers, the package blocks the event loop even in
 * its asynchronous form (measured with 2.1.2), and no bound within this process could end that. Only reading on macOS
 * and Windows, where there is no bus, happens here: it lies on the way of every command.
 */
export class SystemKeychain implements Keychain {
  readonly #options: SystemKeychainOptions;

  constructor(options: SystemKeychainOptions) {
    this.#options = options;
  }

  async isUsable(): Promise<boolean> {
    const nonce = randomBytes(8).toString("hex");
    const timeoutMs = this.#options.probeTimeoutMs ?? PROBE_TIMEOUT_MS;
    try {
      return (await this.#ask({ action: "probe", account: `probe-${nonce}`, secret: nonce }, timeoutMs)) === nonce;
    } catch {
      return false;
    }
  }

  async get(account: string): Promise<string | undefined> {
    if (process.platform === "darwin" || process.platform === "win32") {
      const { Entry } = await import("@napi-rs/keyring");
      return new Entry(this.#service, account).getPassword() ?? undefined;
    }
    return this.#ask({ action: "get", account }, ACCESS_TIMEOUT_MS);
  }

  async set(account: string, secret: string): Promise<void> {
    await this.#ask({ action: "set", account, secret }, ACCESS_TIMEOUT_MS);
  }

  get #service(): string {
    return this.#options.service ?? "claude-orch";
  }

  /** Secrets travel over pipes, never on a command line. */
  async #ask(request: Omit<Request, "service">, timeoutMs: number): Promise<string | undefined> {
    const library = createRequire(import.meta.url).resolve("@napi-rs/keyring");
    const input: Request = { ...request, service: this.#service };
    const result = await this.#options.processes.run(process.execPath, ["-e", HELPER, library], {
      input: JSON.stringify(input),
      env: { ...this.#options.environment, NODE_OPTIONS: "" },
      timeoutMs,
    });
    if (result.reason === "exited" && result.exitCode === 0) {
      return (JSON.parse(result.stdout) as { secret: string | null }).secret ?? undefined;
    }
    const reason = result.reason === "exited" ? result.stderr.trim() : result.reason;
    throw new Error(`The keychain could not ${request.action === "set" ? "store" : "read"} an entry: ${reason}`);
  }
}

/** CommonJS text of the helper: reads one request from standard input, writes one answer. */
const HELPER = `
const { readFileSync, writeSync } = require("node:fs");
try {
  const { Entry } = require(process.argv[1]);
  const request = JSON.parse(readFileSync(0, "utf8"));
  const entry = new Entry(request.service, request.account);
  if (request.action !== "get") entry.setPassword(request.secret);
  const secret = request.action === "set" ? null : entry.getPassword();
  if (request.action === "probe") entry.deletePassword();
  writeSync(1, JSON.stringify({ secret }));
} catch (error) {
  writeSync(2, String(error && error.message));
  process.exitCode = 1;
}
`;
