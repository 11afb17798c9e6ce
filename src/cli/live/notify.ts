import { isQuiet } from "../../core/quiet-hours.ts";
import type { Context } from "../../operations/context.ts";
import { type Output, printable } from "../output.ts";

/** Something that needs a person; `id` stays the same as long as it is the same thing. */
export interface Notice {
  id: string;
  title: string;
  body: string;
  /** What a script gets, as JSON. */
  data: unknown;
}

const SCRIPT_TIMEOUT_MS = 60_000;
/** More at once are told as one. */
const MAX_AT_ONCE = 3;

/**
 * Tells of what newly needs a person: terminal bell, desktop, and the person's own program. What is there when the view
 * opens stands on its screen and is not told; a thing that goes and comes back is told again.
 */
export class Notifications {
  readonly #context: Context;
  readonly #output: Output;
  readonly #command: string | null;
  #known: ReadonlySet<string> | undefined;

  constructor(context: Context, output: Output, command: string | undefined) {
    this.#context = context;
    this.#output = output;
    this.#command = command ?? context.settings.notifyCommand;
  }

  async show(notices: readonly Notice[]): Promise<void> {
    const known = this.#known;
    this.#known = new Set(notices.map(({ id }) => id));
    const news = known === undefined ? [] : notices.filter(({ id }) => !known.has(id));
    // Read anew: a view that is open for days obeys `config set` (⊕A15).
    const { notify, quietHours } = this.#context.settingsSource.current();
    if (news.length === 0 || isQuiet(quietHours, this.#context.clock.now())) return;
    await Promise.all([this.#ring(notify, news), ...news.map((notice) => this.#runCommand(notice))]);
  }

  async #ring(way: string, news: readonly Notice[]): Promise<void> {
    if (way === "desktop") {
      const shown = await Promise.all(summary(news).map((note) => this.#context.notifier.desktop(note)));
      if (shown.every(Boolean)) return;
    }
    if (way !== "none" && this.#output.isTerminal) this.#output.bell();
  }

  async #runCommand(notice: Notice): Promise<void> {
    if (this.#command === null) return;
    const { processes, caller, signal, logger } = this.#context;
    const result = await processes.run(this.#command, [], {
      input: `${JSON.stringify(notice.data)}\n`,
      cwd: caller.cwd,
      env: caller.env,
      timeoutMs: SCRIPT_TIMEOUT_MS,
      signal,
    });
    if (result.reason === "exited" && result.exitCode === 0) return;
    const why = result.reason === "exited" ? `exit ${result.exitCode}` : result.reason;
    logger.warn("notify.command-failed", { command: this.#command, why });
    this.#output.note(`The notify command did not work: ${why}`);
  }
}

function summary(news: readonly Notice[]): { title: string; body: string }[] {
  const notes = news.map(({ title, body }) => ({ title: printable(title), body: printable(body) }));
  if (notes.length <= MAX_AT_ONCE) return notes;
  return [{ title: `${notes.length} things need you`, body: notes.map(({ title }) => title).join(", ") }];
}
