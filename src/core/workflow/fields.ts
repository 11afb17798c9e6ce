import { nearNames } from "../near-names.ts";
import type { Problems, YamlPath } from "./problems.ts";

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Reads the fields of one mapping. A field that is missing or empty is undefined; one of the wrong kind is a problem and
 * undefined, too, so that the rest of the file is still looked at.
 */
export class Fields {
  readonly path: YamlPath;
  readonly #value: Mapping;
  readonly #problems: Problems;

  /** Undefined (and a problem) where there is no mapping. Keys that are not among these are problems. */
  static of(
    value: unknown,
    { path, keys, what, problems }: { path: YamlPath; keys: readonly string[]; what: string; problems: Problems },
  ): Fields | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      problems.add(path, `${what} is a list of keys with values`);
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const near = nearNames(key, keys);
      const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Known here: ${keys.join(", ")}.`;
      problems.add([...path, key], `${what} has no key ${JSON.stringify(key)}`, { isKey: true, hint });
    }
    return new Fields(value as Mapping, path, problems);
  }

  private constructor(value: Mapping, path: YamlPath, problems: Problems) {
    this.#value = value;
    this.path = path;
    this.#problems = problems;
  }

  at(key: string): YamlPath {
    return [...this.path, key];
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  raw(key: string): unknown {
    return this.has(key) ? this.#value[key] : undefined;
  }

  problem(key: string, message: string, more: { hint?: string; isKey?: boolean } = {}): undefined {
    this.#problems.add(this.at(key), message, more);
    return undefined;
  }

  /** Text; numbers and booleans are taken as they are written. */
  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const text = plainText(value);
    if (text !== undefined) return text;
    // YAML reads {{…}} without quotes as a mapping in a mapping.
    const hint = isUnquotedPlaceholder(value) ? { hint: `Put it into quotes: ${key}: "{{…}}"` } : {};
    return this.problem(key, `${key} is a text`, hint);
  }

  oneLine(key: string): string | undefined {
    const text = this.text(key)?.trim();
    if (text === undefined || /^\P{Cc}*$/u.test(text)) return text;
    return this.problem(key, `${key} is one line`);
  }

  boolean(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "boolean") return value;
    return this.problem(key, `${key} is true or false`);
  }

  whole(key: string, { max }: { max: number }): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
    return this.problem(key, `${key} is a whole number from 0 to ${max}`);
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    const near = typeof value === "string" ? nearNames(value, allowed) : [];
    const more = near.length > 0 ? { hint: `Did you mean ${near.join(" or ")}?` } : {};
    return this.problem(key, `${key} is one of ${allowed.join(", ")}`, more);
  }

  /** A list of texts; a single text counts as a list of one where that is allowed. */
  texts(key: string, options: { mayBeOne?: boolean } = {}): string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      const text = options.mayBeOne ? plainText(value) : undefined;
      return text === undefined ? this.problem(key, `${key} is a list of texts`) : [text];
    }
    const texts: string[] = [];
    for (const [index, item] of value.entries()) {
      const text = plainText(item);
      if (text === undefined) this.#problems.add([...this.at(key), index], `${key} is a list of texts`);
      else texts.push(text);
    }
    return texts;
  }

  /** A list of mappings, each with its path. */
  list(key: string): { value: unknown; path: YamlPath }[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.problem(key, `${key} is a list`, { hint: 'Start each item with "- ".' });
    return value.map((item: unknown, index) => ({ value: item, path: [...this.at(key), index] }));
  }
}

function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function isUnquotedPlaceholder(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const [only, ...others] = Object.entries(value);
  return only !== undefined && others.length === 0 && only[1] === null;
}
