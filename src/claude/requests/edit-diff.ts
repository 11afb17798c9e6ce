import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { isObject, type JsonObject, stringOf } from "../transcript/json-fields.ts";
import { unifiedDiff } from "./unified-diff.ts";

const READ_NOW = constants.O_RDONLY | constants.O_NONBLOCK;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_DIFF_CHARS = 64 * 1024;

/**
 * What a file edit would change, as a unified diff: Edit, MultiEdit, Write and NotebookEdit. Computed from the file as it
 * is now; where that cannot be read, or does not hold what would be replaced, from the replaced text alone. Undefined for
 * other tools.
 */
export async function editDiff(tool: string, input: unknown, cwd: string): Promise<string | undefined> {
  if (!isObject(input)) return undefined;
  const path = stringOf(input.file_path) ?? stringOf(input.notebook_path);
  if (path === null) return undefined;
  const change = changeOf(tool, input);
  if (!change) return undefined;
  const present = await readText(isAbsolute(path) ? path : join(cwd, path));
  const diff = change(path, present);
  return diff.length <= MAX_DIFF_CHARS ? diff : `${diff.slice(0, MAX_DIFF_CHARS)}\n… (cut)`;
}

type Change = (path: string, present: string | null) => string;

function changeOf(tool: string, input: JsonObject): Change | undefined {
  switch (tool) {
    case "Write": {
      const content = stringOf(input.content);
      return content === null ? undefined : (path, present) => unifiedDiff(path, present, content);
    }
    case "Edit":
      return edited([input]);
    case "MultiEdit":
      return Array.isArray(input.edits) ? edited(input.edits.filter(isObject)) : undefined;
    case "NotebookEdit": {
      // Which text the cell holds now is buried in the notebook's JSON; what it shall hold is what counts.
      const source = stringOf(input.new_source) ?? "";
      return (path) => unifiedDiff(`${path}#${stringOf(input.cell_id) ?? ""}`, null, source);
    }
    default:
      return undefined;
  }
}

function edited(edits: readonly JsonObject[]): Change {
  return (path, present) => {
    let text = present;
    for (const edit of edits) text = text === null ? null : replaced(text, edit);
    if (present !== null && text !== null) return unifiedDiff(path, present, text);
    const pieces = edits.map((edit) => unifiedDiff(path, stringOf(edit.old_string), stringOf(edit.new_string) ?? ""));
    return pieces.join("\n");
  };
}

/** Null when the text to replace is not there. */
function replaced(text: string, edit: JsonObject): string | null {
  const before = stringOf(edit.old_string) ?? "";
  const after = stringOf(edit.new_string) ?? "";
  if (before === "") return text === "" ? after : null;
  if (!text.includes(before)) return null;
  return edit.replace_all === true ? text.replaceAll(before, () => after) : text.replace(before, () => after);
}

/** Null when there is no such file, or none of a size that is worth a comparison. */
async function readText(path: string): Promise<string | null> {
  try {
    // Not blocking: a path may lead to a FIFO.
    const file = await open(path, READ_NOW);
    try {
      const stats = await file.stat();
      return stats.isFile() && stats.size <= MAX_FILE_BYTES ? await file.readFile("utf8") : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
