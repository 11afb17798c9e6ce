import { waitFor } from "../../support/wait-for.ts";
import type { StateStage } from "./state-stage.ts";

/** What a person does in an agent's tab, and sees there. */
export class PersonInTab {
  readonly #stage: StateStage;

  constructor(stage: StateStage) {
    this.#stage = stage;
  }

  /** Epoch ms of the first key. */
  async keys(agent: string, ...pressed: string[]): Promise<number> {
    const at = Date.now();
    await this.#stage.world.tmux("send-keys", "-t", this.#pane(agent), ...pressed);
    return at;
  }

  async type(agent: string, text: string): Promise<void> {
    await this.#stage.world.tmux("send-keys", "-l", "-t", this.#pane(agent), text);
    const tail = text.trim().slice(-12);
    await this.shows(agent, (screen) => screen.includes(tail));
  }

  /** Types it and presses Enter; epoch ms of Enter. */
  async command(agent: string, text: string): Promise<number> {
    await this.type(agent, text);
    return this.keys(agent, "Enter");
  }

  shows(agent: string, isThere: (screen: string) => boolean): Promise<true> {
    return waitFor("the screen", async () => (isThere(await this.screenOf(agent)) ? true : undefined), {
      everyMs: 50,
      describe: () => this.screenOf(agent),
    });
  }

  screenOf(agent: string): Promise<string> {
    return this.#stage.world.tmux("capture-pane", "-p", "-J", "-t", this.#pane(agent));
  }

  /** Epoch ms when a pane that was opened after that one shows this: its agent may not be known yet. */
  async newPaneShows(after: number, text: RegExp): Promise<number> {
    await waitFor(
      `${text} on the screen`,
      async () => {
        const newest = await this.newestPane();
        if (newest <= after) return undefined;
        const screen = await this.#stage.world.tmux("capture-pane", "-p", "-J", "-t", `%${newest}`);
        return text.test(screen) ? true : undefined;
      },
      { everyMs: 30 },
    );
    return Date.now();
  }

  /** Number of the pane that was opened last. */
  async newestPane(): Promise<number> {
    const panes = await this.#stage.world.tmux("list-panes", "-a", "-F", "#{pane_id}");
    return Math.max(
      ...panes
        .trim()
        .split("\n")
        .map((pane) => Number(pane.slice(1))),
    );
  }

  /** Right after it opened, a dialog may ignore a key. */
  async dismiss(agent: string, isClosed = () => !this.#label(agent).startsWith("waiting")): Promise<number> {
    let at = 0;
    await waitFor(
      "the dialog to close",
      async () => {
        if (isClosed()) return true;
        at = await this.keys(agent, "Escape");
        return undefined;
      },
      { everyMs: 700 },
    );
    return at;
  }

  async emptyBox(agent: string): Promise<void> {
    const isEmpty = (screen: string) => /\n[❯>]\s*(?:Try ".*"\s*)?\n─/.test(screen);
    if (isEmpty(await this.screenOf(agent))) return;
    await this.keys(agent, "C-c");
    await this.shows(agent, (screen) => isEmpty(screen) && !screen.includes("again to exit"));
  }

  #pane(agent: string): string {
    return this.#stage.watch.of(agent).at(-1)?.view.terminal ?? "";
  }

  #label(agent: string): string {
    return this.#stage.watch.of(agent).at(-1)?.label ?? "";
  }
}
