import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Server as NetServer, Socket } from "node:net";
import path from "node:path";
import { Connection, type SeenRequest } from "./connection.ts";
import { CookieJar } from "./cookie-jar.ts";
import { Injection } from "./injection.ts";
import { Iterm2Model, type RestartOptions } from "./model/model.ts";
import { DEFAULT_PROFILES, type ProfileSpec } from "./model/profiles.ts";
import { FakeOsascript } from "./osascript.ts";
import { serveOsascript } from "./osascript-program.ts";
import { EchoProgram } from "./programs/echo-program.ts";
import type { GridSize, Launch, Program } from "./programs/program.ts";
import { PtyProgram } from "./programs/pty-program.ts";
import { realClock, type ServerClock } from "./server-clock.ts";
import { Violations } from "./violations.ts";
import { Codec } from "./wire/codec.ts";
import { readUpgrade, refusal, upgradeAnswer } from "./wire/handshake.ts";

export interface Iterm2ServerOptions {
  /** Which iTerm2 this is: 3.6 speaks protocol 1.11 and knows no `select_tab`; 3.7 (the default) speaks 1.17. */
  profile?: "3.6" | "3.7";
  /** `cookie` (the default): each handshake uses up a cookie; `disabled`: none is needed; `deny`: none is good. */
  auth?: "cookie" | "disabled" | "deny";
  /** Home directory that gets `Library/Application Support/<suite>/private/socket`; by default a throw-away one. */
  home?: string;
  suite?: string;
  /** Undo delays and the like; real time by default. A `VirtualClock` makes them a test's own. */
  clock?: ServerClock;
  profiles?: readonly ProfileSpec[];
  /** Size of a new window in cells; 80×25 by default, like the real one. */
  grid?: GridSize;
  /** Smallest pane that a split may leave; 2×2 by default. */
  minimumPane?: GridSize;
  /**
   * What a session runs. By default its `Command`, as a real process on a pty, and for the login shell (`argv` is empty)
   * a scripted one that echoes.
   */
  program?: (launch: Launch, pty: () => Program) => Program;
  /** Whether iTerm2 runs from the start; else `start()` it. Default true. */
  isRunning?: boolean;
}

export interface Iterm2Server {
  /** The home directory in which the socket lies. */
  readonly home: string;
  readonly socketPath: string;
  readonly protocolVersion: "1.11" | "1.17";
  /** Add these to the environment of a product that runs as a process of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** The fake osascript as an object: pass its `run`. */
  readonly osascript: FakeOsascript;
  /** The fake osascript as an executable file. */
  readonly osascriptProgram: string;
  readonly cookies: CookieJar;
  /** All cookies and keys handed out so far: none may appear in a log, an error, or a child's environment. */
  readonly secrets: readonly string[];
  readonly model: Iterm2Model;
  readonly inject: Injection;
  /** See violations.ts. `violations.take()` hands over those a test provoked. */
  readonly violations: Violations;
  /** Every request with a known submessage, in the order of arrival, from the start. */
  readonly requests: readonly SeenRequest[];
  /** Handshakes that were accepted so far. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly connections: readonly Connection[];
  readonly isRunning: boolean;
  /** iTerm2 starts: the socket appears. */
  start(): Promise<void>;
  /** iTerm2 goes: every connection drops. A crash leaves its socket file behind. */
  stop(options?: { isCrash?: boolean }): Promise<void>;
  /** Stop and start; the model says what survives. */
  restart(options?: RestartOptions): Promise<void>;
  /** Drops all connections, but goes on. */
  dropConnections(): void;
  /** Ends all programs and removes every file. @throws Error when there were violations */
  dispose(): Promise<void>;
}

/**
 * A faithful fake of iTerm2's API server, with the model of windows behind it, after iterm2-facts §7. It proves our
 * reading of iTerm2's sources, not iTerm2 itself: what only the product can show stays on the manual checklist.
 *
 * - Handshake, frames and messages are read by code of their own (`wire/`), so that no mistake of the client's can meet
 *   the same mistake here. Every rule that is broken gets the real answer, however unhelpful: none at all, a bare 400, a
 *   connection that drops.
 * - `model` is what a person sees, and test code may do what a person does: bury, maximize, undo a close, restart.
 * - Programs run for real, on a pty (`programs/pty-program.ts`), or are scripted (`echo-`, `paste-`, `exiting-program.ts`).
 * - `inject` lets things go wrong; `violations` collects what a client must never do, and `dispose` throws them.
 */
export async function startIterm2Server(options: Iterm2ServerOptions = {}): Promise<Iterm2Server> {
  // Not the directory for temporary files: on macOS its path alone is longer than the path of a socket may be.
  const root = await realpath(await mkdtemp("/tmp/fake-iterm2-"));
  const server = new FakeServer(options, root);
  await server.prepare();
  if (options.isRunning ?? true) await server.start();
  return server;
}

class FakeServer implements Iterm2Server {
  readonly home: string;
  readonly socketPath: string;
  readonly protocolVersion: "1.11" | "1.17";
  readonly env: Readonly<Record<string, string>>;
  readonly osascript: FakeOsascript;
  readonly osascriptProgram: string;
  readonly cookies = new CookieJar();
  readonly model: Iterm2Model;
  readonly inject = new Injection();
  readonly violations = new Violations();
  readonly requests: SeenRequest[] = [];
  accepted = 0;
  readonly #options: Iterm2ServerOptions;
  readonly #root: string;
  readonly #clock: ServerClock;
  readonly #codec = new Codec();
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<Connection>();
  #http: Server | undefined;
  #osascriptServer: NetServer | undefined;

  constructor(options: Iterm2ServerOptions, root: string) {
    this.#options = options;
    this.#root = root;
    this.#clock = options.clock ?? realClock();
    const suite = options.suite ?? "iTerm2";
    this.home = options.home ?? path.join(root, "home");
    this.socketPath = path.join(this.home, "Library", "Application Support", suite, "private", "socket");
    this.protocolVersion = options.profile === "3.6" ? "1.11" : "1.17";
    this.env = { HOME: this.home, ...(suite === "iTerm2" ? {} : { IT2_SUITE: suite }) };
    this.osascriptProgram = path.join(root, "osascript");
    this.osascript = new FakeOsascript({
      cookies: this.cookies,
      violations: this.violations,
      clock: this.#clock,
      isRunning: () => this.isRunning,
    });
    this.model = new Iterm2Model({
      profiles: options.profiles ?? DEFAULT_PROFILES,
      grid: options.grid ?? { width: 80, height: 25 },
      minimumPane: options.minimumPane ?? { width: 2, height: 2 },
      home: this.home,
      clock: this.#clock,
      violations: this.violations,
      makeProgram: (launch) => this.#makeProgram(launch),
    });
  }

  get secrets(): readonly string[] {
    return this.cookies.issued.flatMap(({ cookie, key }) => [cookie, key]);
  }

  get isRunning(): boolean {
    return this.#http !== undefined;
  }

  get connections(): readonly Connection[] {
    return [...this.#open];
  }

  async prepare(): Promise<void> {
    await mkdir(path.dirname(this.socketPath), { recursive: true, mode: 0o700 });
    await mkdir(path.join(this.#root, "ptys"), { mode: 0o700 });
    const socket = path.join(this.#root, "osascript.socket");
    this.#osascriptServer = await serveOsascript(this.osascript, { file: this.osascriptProgram, socket });
  }

  async start(): Promise<void> {
    if (this.#http) return;
    await rm(this.socketPath, { force: true });
    const http = createServer({ maxHeaderSize: 1 << 20, headersTimeout: 30_000 });
    http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    http.on("request", ({ socket }) => socket.end(refusal(400)));
    http.on("clientError", (_error, socket) => socket.writable && socket.end(refusal(400)));
    await new Promise<void>((resolve, reject) => http.once("error", reject).listen(this.socketPath, resolve));
    await chmod(this.socketPath, 0o600);
    if (this.#options.profile !== "3.6") await writeFile(`${this.socketPath}.lock`, "", { mode: 0o600 });
    this.#http = http;
  }

  async stop({ isCrash = false }: { isCrash?: boolean } = {}): Promise<void> {
    const http = this.#http;
    if (!http) return;
    this.#http = undefined;
    // Closing removes the file; a crash does not.
    const aside = `${this.socketPath}.aside`;
    if (isCrash) await rename(this.socketPath, aside);
    this.dropConnections();
    await new Promise((resolve) => http.close(resolve));
    if (isCrash) await rename(aside, this.socketPath);
    this.cookies.expire();
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    await this.stop();
    await this.model.restart(options);
    await this.start();
  }

  dropConnections(): void {
    for (const connection of this.#open) connection.drop();
    for (const socket of this.#sockets) socket.destroy();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.#lookForSecrets();
    await this.model.dispose();
    await new Promise((resolve) => this.#osascriptServer?.close(resolve));
    await rm(this.#root, { recursive: true, force: true, maxRetries: 20, retryDelay: 25 });
    this.violations.check();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refuse = (status: number) => socket.end(refusal(status));
    const fault = this.inject.takeHandshake();
    if (fault === "hang") return;
    if (fault === "eof") return void socket.destroy();
    if (fault !== undefined) return void refuse(fault);
    const { method = "", url = "", httpVersion, rawHeaders } = request;
    const upgrade = readUpgrade({ method, url, httpVersion, rawHeaders }, (what) => this.violations.record(what));
    if (typeof upgrade === "number") return void refuse(upgrade);
    const auth = this.#options.auth ?? "cookie";
    if (auth === "deny" || (auth === "cookie" && !this.cookies.redeem(upgrade.cookie))) return void refuse(401);

    socket.write(upgradeAnswer(upgrade.accept, this.protocolVersion));
    this.accepted++;
    const connection = new Connection({
      number: this.accepted,
      socket,
      codec: this.#codec,
      model: this.model,
      inject: this.inject,
      violations: this.violations,
      version: this.#options.profile ?? "3.7",
      clock: this.#clock,
      secrets: () => this.secrets,
      saw: (seen) => this.requests.push(seen),
      crash: (why) => {
        this.violations.record(`iTerm2 crashes: ${why}`);
        this.dropConnections();
      },
    });
    this.#open.add(connection);
    socket.on("close", () => this.#open.delete(connection));
    if (head.length > 0) connection.receive(head);
  }

  #makeProgram(launch: Launch): Program {
    const pty = () => new PtyProgram(launch, path.join(this.#root, "ptys"));
    if (this.#options.program) return this.#options.program(launch, pty);
    return launch.argv.length > 0 ? pty() : new EchoProgram();
  }

  /** Where the system shows the environment of a process, no program that we started may hold a cookie. */
  async #lookForSecrets(): Promise<void> {
    for (const { program, id } of this.model.sessions) {
      const environment = await readFile(`/proc/${program.pid}/environ`, "utf8").catch(() => "");
      if (this.secrets.some((secret) => environment.includes(secret))) {
        this.violations.record(`The program of session ${id} has the cookie or the key in its environment`);
      }
    }
  }
}
