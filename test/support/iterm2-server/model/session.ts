import type { GridSize, Launch, Program } from "../programs/program.ts";
import type { Leaf } from "./split-tree.ts";

/** `closing`: its pane is gone, but the close can still be undone. */
export type SessionState = "running" | "exited" | "closing" | "gone";

/** One session: a program, what was sent to it, and its private copy of a profile. */
export class FakeSession implements Leaf {
  id: string;
  state: SessionState = "running";
  size: GridSize;
  isBuried = false;
  /** Set for a session of tmux integration. */
  tmux: { connectionId: string; windowId: string } | undefined;
  /** Private copy; changes never reach the profile itself. */
  readonly profile: Map<string, unknown>;
  /** The `user.*` variables, without the prefix. */
  readonly user: Map<string, unknown>;
  /** Every byte that was sent to the program, one entry per request. */
  readonly sent: Buffer[] = [];
  /** A value test code or a running program gave a built-in variable. */
  readonly variables = new Map<string, unknown>();
  launch: Launch;
  program: Program;

  constructor(options: {
    id: string;
    size: GridSize;
    profile: Map<string, unknown>;
    user?: Map<string, unknown>;
    launch: Launch;
    program: Program;
  }) {
    this.id = options.id;
    this.size = options.size;
    this.profile = options.profile;
    this.user = options.user ?? new Map();
    this.launch = options.launch;
    this.program = options.program;
  }

  get name(): string {
    return String(this.profile.get("Name") ?? "");
  }

  /** All bytes that were sent, as text. */
  get sentText(): string {
    return Buffer.concat(this.sent).toString("utf8");
  }

  resizeTo(size: GridSize): void {
    const isSame = size.width === this.size.width && size.height === this.size.height;
    this.size = size;
    if (!isSame && this.program.pid !== undefined) this.program.resize(size);
  }
}
