import type { Key } from "../../../src/core/ports/terminal-backend.ts";
import { OPTIONS } from "./script.ts";

type Outcome = "open" | "allowed" | "denied";

/** Questions page by page: what the keys do to them. */
export class ModelQuestion {
  readonly #questions: readonly { isMulti: boolean }[];
  #page = 0;
  #mark = 0;
  readonly #own: string[];

  constructor(questions: readonly { isMulti: boolean }[]) {
    this.#questions = questions;
    this.#own = questions.map(() => "");
  }

  type(text: string): Outcome {
    const items = this.#items();
    if (items[this.#mark] === "own") {
      this.#own[this.#page] += text;
      return "open";
    }
    const byDigit = items.flatMap((item, index) => (item === "next" ? [] : [index]));
    const index = /^[1-9]$/.test(text) ? byDigit[Number(text) - 1] : undefined;
    if (index === undefined) return "open";
    this.#mark = index;
    return items[index] === "own" ? "open" : this.press("Enter");
  }

  press(key: Key): Outcome {
    const items = this.#items();
    const item = items[this.#mark];
    if (key === "Down") this.#mark = (this.#mark + 1) % items.length;
    else if (key === "Up") this.#mark = (this.#mark + items.length - 1) % items.length;
    else if (key === "Right" || key === "Tab" || key === "Left") this.#turn(key === "Left" ? -1 : 1);
    if (key !== "Enter") return "open";
    const isMulti = this.#questions[this.#page]?.isMulti === true;
    switch (item) {
      case "submit":
      case "cancel":
        return item === "submit" ? "allowed" : "denied";
      case "chat":
        return "denied";
      case "next":
        return this.#goOn();
      case "own":
        return isMulti || this.#own[this.#page]?.trim() === "" ? "open" : this.#goOn();
      default:
        return isMulti ? "open" : this.#goOn();
    }
  }

  #items(): ("option" | "own" | "next" | "chat" | "submit" | "cancel")[] {
    const shown = this.#questions[this.#page];
    if (!shown) return ["submit", "cancel"];
    return [...OPTIONS.map(() => "option" as const), "own", ...(shown.isMulti ? (["next"] as const) : []), "chat"];
  }

  get #hasReview(): boolean {
    return this.#questions.length > 1 || this.#questions.some(({ isMulti }) => isMulti);
  }

  #goOn(): Outcome {
    if (!this.#hasReview) return "allowed";
    this.#show(this.#page + 1);
    return "open";
  }

  #turn(by: 1 | -1): void {
    const page = this.#page + by;
    const isTyping = this.#items()[this.#mark] === "own" && this.#own[this.#page] !== "";
    if (this.#hasReview && !isTyping && page >= 0 && page <= this.#questions.length) this.#show(page);
  }

  #show(page: number): void {
    this.#page = page;
    this.#mark = 0;
  }
}
