import { createHash } from "node:crypto";

export interface UpgradeRequest {
  method: string;
  url: string;
  httpVersion: string;
  /** Names and values alternate, as Node's `rawHeaders`. */
  rawHeaders: readonly string[];
}

export interface Upgrade {
  accept: string;
  cookie?: string;
  key?: string;
  advisoryName?: string;
}

const MAX_HEADERS = 100;
const MAX_LINE = 4095;

/** Judges an upgrade by the table of iterm2-facts §1; a number is the status of the refusal. Cookies are judged later. */
export function readUpgrade(request: UpgradeRequest, onViolation: (what: string) => void): Upgrade | 400 | 406 {
  const pairs: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    pairs.push([request.rawHeaders[index] ?? "", request.rawHeaders[index + 1] ?? ""]);
  }
  const headers = new Map(pairs.map(([name, value]) => [name.toLowerCase(), value]));
  const header = (name: string) => headers.get(name);

  const isRequestSound =
    request.method === "GET" &&
    request.httpVersion === "1.1" &&
    request.url === "/" &&
    pairs.length <= MAX_HEADERS &&
    pairs.every(([name, value]) => Buffer.byteLength(`${name}: ${value}`) <= MAX_LINE) &&
    header("content-length") === undefined;
  const isWebSocket =
    header("upgrade")?.toLowerCase() === "websocket" &&
    header("connection")?.toLowerCase() === "upgrade" &&
    header("sec-websocket-protocol") === "api.iterm2.com" &&
    Number(header("sec-websocket-version")) >= 13;
  const key = header("sec-websocket-key");
  const version = /^(\S+) (\d+(?:\.\d+)?)$/.exec(header("x-iterm2-library-version") ?? "");
  if (!isRequestSound || !isWebSocket || !key || !isLocalHost(header("host")) || !isLocalOrigin(header("origin"))) {
    return 400;
  }
  if (!version) return 400;
  // The one library with a minimum.
  if (version[1] === "python" && Number(version[2]) < 0.24) return 406;
  if (!headers.has("x-iterm2-disable-auth-ui")) {
    onViolation("An upgrade without x-iterm2-disable-auth-ui: iTerm2 opens a modal alert");
  }
  return {
    accept: createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64"),
    ...optional("cookie", header("x-iterm2-cookie")),
    ...optional("key", header("x-iterm2-key")),
    ...optional("advisoryName", header("x-iterm2-advisory-name")),
  };
}

/** The accepting answer; the blank line that ends it included. */
export function upgradeAnswer(accept: string, protocolVersion: string): string {
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    "Sec-WebSocket-Protocol: api.iterm2.com",
    `X-iTerm2-Protocol-Version: ${protocolVersion}`,
    "",
    "",
  ].join("\r\n");
}

/** A refusal has neither body nor Content-Length; the connection closes behind it. */
export function refusal(status: number): string {
  const reason = { 400: "Bad Request", 401: "Unauthorized", 406: "Not Acceptable" }[status] ?? "Error";
  return `HTTP/1.1 ${status} ${reason}\r\n\r\n`;
}

function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host);
}

function isLocalOrigin(origin: string | undefined): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).hostname === "localhost";
}

function optional<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };
}
