import { readFile, rename, writeFile } from "node:fs/promises";

const MAX_TITLE = 200;

/** What a caller gave cannot be taken; the message says why. */
export class BadInput extends Error {}

/** Opens the list that is kept in a JSON file; without the file it is empty. */
export async function openTaskList(file) {
  try {
    return new TaskList(file, JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (error.code === "ENOENT") return new TaskList(file, []);
    throw error;
  }
}

class TaskList {
  #file;
  #tasks;
  #saved = Promise.resolve();

  constructor(file, tasks) {
    this.#file = file;
    this.#tasks = tasks;
  }

  all() {
    return this.#tasks;
  }

  /** @throws BadInput */
  async add(title) {
    if (typeof title !== "string" || title.trim() === "") throw new BadInput("A task needs a title.");
    if (title.length > MAX_TITLE) throw new BadInput(`A title has at most ${MAX_TITLE} characters.`);
    const task = { id: (this.#tasks.at(-1)?.id ?? 0) + 1, title: title.trim(), done: false };
    this.#tasks.push(task);
    await this.#save();
    return task;
  }

  /** Returns undefined when there is no such task. @throws BadInput */
  async tick(id, done) {
    if (typeof done !== "boolean") throw new BadInput("done is true or false.");
    const task = this.#tasks.find((one) => one.id === id);
    if (!task) return undefined;
    task.done = done;
    await this.#save();
    return task;
  }

  /** One after the other, and each at once or not at all: a crash leaves the list as it was before. */
  #save() {
    const text = `${JSON.stringify(this.#tasks, null, 2)}\n`;
    const saving = this.#saved.then(async () => {
      await writeFile(`${this.#file}.new`, text);
      await rename(`${this.#file}.new`, this.#file);
    });
    this.#saved = saving.catch(() => undefined);
    return saving;
  }
}
