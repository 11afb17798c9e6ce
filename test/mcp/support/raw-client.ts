import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface RawMessage {
  jsonrpc?: unknown;
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

/** A JSON-RPC client written by hand, so that the SDK is not held against itself. */
export class RawClient {
  readonly child: ChildProcessWithoutNullStreams;
  /** Every line of the server's stdout, parsed. */
  readonly received: RawMessage[] = [];
  /** Lines of stdout that are not JSON. */
  readonly noise: string[] = [];
  stderr = "";
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #nextId = 1;
  readonly #watchers = new Set<() => void>();

  constructor(file: string, args: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
    this.child = spawn(file, args, { env: { PATH: process.env.PATH ?? "" }, ...options });
    this.exited = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    // What a test writes to a server that has gone is lost, as it should be.
    this.child.stdin.on("error", () => undefined);
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      try {
        this.received.push(JSON.parse(line));
      } catch {
        this.noise.push(line);
      }
      for (const watcher of this.#watchers) watcher();
    });
  }

  sendLine(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  notify(method: string, params?: object): void {
    this.sendLine(JSON.stringify({ jsonrpc: "2.0", method, ...(params ? { params } : {}) }));
  }

  /** Sends a request without waiting; returns its id. */
  post(method: string, params?: object): number {
    const id = this.#nextId++;
    this.sendLine(JSON.stringify({ jsonrpc: "2.0", id, method, ...(params ? { params } : {}) }));
    return id;
  }

  request(method: string, params?: object): Promise<RawMessage> {
    const id = this.post(method, params);
    return this.message((message) => message.id === id && message.method === undefined);
  }

  /** The first message that fits, already here or still to come. */
  message(fits: (message: RawMessage) => boolean): Promise<RawMessage> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.received.find(fits);
        if (!found) return;
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async initialise(protocolVersion = "2025-11-25"): Promise<RawMessage> {
    const clientInfo = { name: "raw", version: "0" };
    const answer = await this.request("initialize", { protocolVersion, capabilities: {}, clientInfo });
    this.notify("notifications/initialized");
    return answer;
  }
}
