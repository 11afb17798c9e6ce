/** The input box: a text, a cursor in it, and the draft that was put aside. */
export class ModelBox {
  text = "";
  #cursor = 0;
  #stash = "";

  insert(text: string): void {
    this.text = this.text.slice(0, this.#cursor) + text + this.text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  /** In front of what stands there, as a prompt that was taken back; the cursor stays at its letter. */
  prepend(text: string): void {
    this.text = text + this.text;
    this.#cursor += text.length;
  }

  home(): void {
    this.#cursor = this.#cursor === 0 ? 0 : this.text.lastIndexOf("\n", this.#cursor - 1) + 1;
  }

  empty(): void {
    this.#fill("");
  }

  /** Ctrl-S: puts the draft aside, or takes it back into an empty box. */
  stash(): void {
    const draft = this.text;
    if (draft === "") this.unstash();
    else {
      this.#stash = draft;
      this.#fill("");
    }
  }

  unstash(): void {
    if (this.#stash !== "") this.#fill(this.#stash);
    this.#stash = "";
  }

  #fill(text: string): void {
    this.text = text;
    this.#cursor = text.length;
  }
}
