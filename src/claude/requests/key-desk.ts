import { AppError } from "../../core/errors.ts";
import type { TerminalAccess } from "../../core/ports/agent-program.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { InputStep, Key, Screen } from "../../core/ports/terminal-backend.ts";
import { type Dialog, recogniseDialog } from "../screens/dialog.ts";

/** How long a key may take to show its effect, in milliseconds. */
const EFFECT_MS = 2000;
/** A dialog that has just appeared ignores Enter for some hundred milliseconds (seen in 2.1.330). */
export const SETTLE_MS = 800;
const POLL_MS = 25;
/** How often a key that only moves the mark is pressed again. */
const MOVES = 4;

export interface KeyDeskOptions {
  terminal: TerminalAccess;
  clock: Clock;
  /** How long a dialog must stand before it takes keys, in milliseconds. */
  settleMs: number;
  /** Is this dialog, on this screen, the one that the request is about, and still open? */
  isAsked(dialog: Dialog, screen: Screen): Promise<boolean>;
  signal?: AbortSignal | undefined;
}

/** One dialog and the keys that answer it: the screen is read before and after each of them. */
export class KeyDesk {
  readonly #options: KeyDeskOptions;

  constructor(options: KeyDeskOptions) {
    this.#options = options;
  }

  /**
   * The dialog as it is now.
   * @throws REQUEST_NOT_SHOWN when the screen shows anything else
   */
  async look(): Promise<Dialog> {
    const dialog = await this.#asked();
    if (!dialog) throw notShown("The screen shows something else than what is asked");
    return dialog;
  }

  /** The dialog, once it has stood long enough to take keys; it may appear a moment after its hook has told of it. */
  async settled(): Promise<Dialog> {
    await this.waitFor(() => true);
    const { clock, settleMs, signal } = this.#options;
    if (settleMs > 0) await clock.sleep(settleMs, signal);
    return this.look();
  }

  /** Moves the mark to the option and reads back that it stands there. */
  async moveTo(index: number): Promise<void> {
    for (let move = 0; move < MOVES; move += 1) {
      const dialog = await this.look();
      if (dialog.selectedIndex === index) return;
      const steps = dialog.selectedIndex < 0 ? -1 : index - dialog.selectedIndex;
      const key: Key = steps > 0 ? "Down" : "Up";
      for (let step = 0; step < Math.abs(steps); step += 1) await this.#move(key);
    }
    if ((await this.look()).selectedIndex === index) return;
    throw notShown("The mark on the screen does not follow the keys; no option was chosen");
  }

  /** Presses a key that answers, once, with the mark on this option; false when it shows no effect. */
  async press(key: Key, index?: number): Promise<boolean> {
    if (index !== undefined) await this.moveTo(index);
    const before = await this.look();
    if (index !== undefined && before.selectedIndex !== index) throw notShown("Somebody else moved the mark");
    await this.#input([{ kind: "keys", keys: [key] }]);
    return this.#until(async () => {
      const now = await this.#asked();
      return now === undefined || JSON.stringify(now) !== JSON.stringify(before);
    });
  }

  /** Types into the option that the mark stands on, and waits until the screen shows it. */
  async type(text: string, isTyped: (dialog: Dialog) => boolean): Promise<void> {
    await this.#input([{ kind: "text", text, isBracketed: false }]);
    if (await this.waitFor(isTyped)) return;
    throw new AppError("REQUEST_NOT_SHOWN", "The dialog does not show the text that was typed; it was not submitted", {
      hint: "Look at the agent with claude-orch agent screen, and finish the answer in its terminal.",
    });
  }

  /** Waits a moment for the dialog to look like this. */
  waitFor(looks: (dialog: Dialog) => boolean): Promise<boolean> {
    return this.#until(async () => {
      const dialog = await this.#asked();
      return dialog !== undefined && looks(dialog);
    });
  }

  async #move(key: Key): Promise<void> {
    const before = await this.look();
    await this.#input([{ kind: "keys", keys: [key] }]);
    await this.#until(async () => (await this.look()).selectedIndex !== before.selectedIndex);
  }

  async #asked(): Promise<Dialog | undefined> {
    const screen = await this.#options.terminal.screen();
    const dialog = screen && recogniseDialog(screen);
    return screen && dialog && (await this.#options.isAsked(dialog, screen)) ? dialog : undefined;
  }

  async #until(isTrue: () => Promise<boolean>): Promise<boolean> {
    const { clock, signal } = this.#options;
    const end = clock.monotonic() + EFFECT_MS;
    for (;;) {
      if (await isTrue()) return true;
      if (clock.monotonic() > end) return false;
      await clock.sleep(POLL_MS, signal);
    }
  }

  #input(steps: InputStep[]): Promise<void> {
    return this.#options.terminal.input(steps);
  }
}

export function notShown(message: string): AppError {
  return new AppError("REQUEST_NOT_SHOWN", message);
}
