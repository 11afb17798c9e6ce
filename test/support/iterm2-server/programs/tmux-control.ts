import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

export interface TmuxEvents {
  /** The pane printed something; what, is not told. */
  output(): void;
  /** The server is gone, or this client of it. */
  ended(): void;
}

/** One client in control mode: commands as lines on its stdin, answers and events on its stdout. */
export class TmuxControl {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #events: TmuxEvents;
  /** Answers still to come, in order. */
  readonly #waiting: { resolve: (lines: string[]) => void; reject: (error: Error) => void }[] = [];
  #block: { mark: string; isOurs: boolean; lines: string[] } | undefined;
  #rest = "";
  #hasEnded = false;
  /** Resolves when the server is gone, or this client of it. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;

  /** `args` are those of tmux itself; what they run is answered like a command. */
  constructor(args: readonly string[], env: Record<string, string>, events: TmuxEvents) {
    this.#events = events;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#child = spawn("tmux", args, { env });
    this.#child.stdout.setEncoding("utf8").on("data", (data: string) => this.#read(data));
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("error", () => this.#end());
    this.#child.on("close", () => this.#end());
  }

  /** The lines that each command printed. They run one after the other, nothing in between. */
  run(commands: readonly (readonly string[])[]): Promise<string[][]> {
    if (this.#hasEnded) return Promise.reject(new Error("The tmux server has ended"));
    const answers = commands.map(
      () => new Promise<string[]>((resolve, reject) => this.#waiting.push({ resolve, reject })),
    );
    this.#child.stdin.write(`${commands.map((words) => words.map(quote).join(" ")).join(" ; ")}\n`);
    return Promise.all(answers);
  }

  #read(data: string): void {
    const lines = (this.#rest + data).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [, kind, mark, flags] = /^%(begin|end|error) (\d+ \d+) (\d)$/.exec(line) ?? [];
    if (this.#block) {
      if (kind === undefined || kind === "begin" || mark !== this.#block.mark) this.#block.lines.push(line);
      else {
        const { isOurs, lines } = this.#block;
        this.#block = undefined;
        // What hooks do is answered, too, but was not asked for.
        const waiting = isOurs ? this.#waiting.shift() : undefined;
        if (kind === "end") waiting?.resolve(lines);
        else waiting?.reject(new Error(`tmux: ${lines.join("\n")}`));
      }
    } else if (kind === "begin" && mark !== undefined) this.#block = { mark, isOurs: flags === "1", lines: [] };
    else if (line.startsWith("%output ")) this.#events.output();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error("The tmux server has ended"));
    this.#resolveEnded();
    this.#events.ended();
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
