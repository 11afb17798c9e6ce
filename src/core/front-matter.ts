import type { FrontMatter } from "./ports/markdown-source.ts";

/** The known fields of a file's front matter, and how the file spells each of their keys. */
export interface SpeltFields {
  /** Undefined where the front matter is no list of keys with values. */
  fields: Record<string, unknown> | undefined;
  keys: Map<string, string>;
  /** Its other keys, as the file spells them. */
  unknown: string[];
}

/**
 * Keys are understood with capitals, `-` and `_` alike: permissionMode, permission-mode, permission_mode.
 */
export function spelt({ value }: FrontMatter, known: readonly string[]): SpeltFields {
  const keys = new Map<string, string>();
  const unknown: string[] = [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { fields: undefined, keys, unknown };
  const fields: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const field = known.find((name) => nameKey(name) === nameKey(key));
    if (field === undefined) {
      unknown.push(key);
      continue;
    }
    keys.set(field, key);
    fields[field] = item;
  }
  return { fields, keys, unknown };
}

/** The form in which names are compared: `Code Reviewer`, `code_reviewer` and `code-reviewer` are one. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "");
}

/** `Read, Bash(git log:*, -n 3)` → two: commas inside brackets separate nothing. */
export function splitList(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const parts = value.match(/(?:\([^)]*\)|[^,(])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
