/** One task of the demo, and what its agent makes of it. */
export interface Act {
  /** Role and name of its agent. */
  role: string;
  title: string;
  /** What a person would submit. */
  prompt: string;
  /** Indices of the acts that it needs. */
  needs: readonly number[];
  check: string;
  /** Rules that let its agent write its own part without asking. */
  mayEdit: readonly string[];
  /** What its agent writes, of the files below `app/`. */
  files: readonly string[];
  /** What the next ones need to know: its report. */
  tells: string;
}

/** The agents write the files below `app/`, all but one line: see `repair`. */
export const ACTS: readonly Act[] = [
  {
    role: "backend",
    title: "Back end",
    prompt:
      "Build the back end of a small task list in Node.js, without dependencies: src/tasks.js keeps the list in a JSON file, src/server.js serves it and the page in public/, npm start runs it. One can list tasks, add one and tick one off. Bad input is refused. Tell those who build on it how to call it.",
    needs: [],
    check: "node --check src/server.js",
    mayEdit: ["Edit(package.json)", "Edit(src/**)"],
    files: ["package.json", "src/tasks.js", "src/server.js", "src/main.js"],
    tells:
      "GET /tasks lists, POST /tasks {title} adds, PATCH /tasks/:id {done} ticks off. Bad input is 400 with {error}. Tests get a server from taskServer(await openTaskList(file)).",
  },
  {
    role: "frontend",
    title: "Front end",
    prompt:
      "Build the page of the task list in public/, without a framework: show the tasks, add one, tick one off, say what went wrong. It has to work with the keyboard alone.",
    needs: [0],
    check: "node --check public/app.js",
    mayEdit: ["Edit(public/**)"],
    files: ["public/index.html", "public/app.js"],
    tells:
      "public/index.html loads /app.js. After each change the list is fetched again, so the page shows what the server has kept.",
  },
  {
    role: "tester",
    title: "Tests",
    prompt:
      "Test the task list from end to end with node:test: add, tick off, restart and look again, bad input, the page. What is broken, mend it.",
    needs: [0, 1],
    check: "node --test",
    // Its role lets it edit tests; all else it has to ask for.
    mayEdit: [],
    files: ["test/tasks.test.js"],
    tells: "Six tests from end to end, over HTTP against a real server.",
  },
];

/** What the back end forgets at first, which the tests find: the tester puts it back. */
export const FORGOTTEN = {
  file: "src/tasks.js",
  without: "    task.done = done;\n    return task;\n",
  with: "    task.done = done;\n    await this.#save();\n    return task;\n",
  foundBy: "a ticked task is still ticked after a restart",
  tells: "src/tasks.js ticked a task off without saving the list. It saves it now, and all six tests pass.",
} as const;
