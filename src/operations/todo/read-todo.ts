import { join } from "node:path";
import type { Session } from "../../core/session.ts";
import { summariseTodo, TODO_FILES, type TodoView } from "../../core/todo/todo-summary.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../views.ts";

/** How far the to-do list of a session's codebase is; null where there is none. A file without any box counts last. */
export async function readTodo({ files }: Pick<Context, "files">, session: Session): Promise<TodoView | null> {
  let found: TodoView | null = null;
  for (const path of TODO_FILES) {
    const file = await files.readIfThere(join(session.root, path));
    if (!file) continue;
    const view = { path, ...summariseTodo(file.text), updatedAt: isoTime(file.modifiedAt) };
    if (view.total > 0) return view;
    found ??= view;
  }
  return found;
}
