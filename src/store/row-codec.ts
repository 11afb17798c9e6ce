import type { FieldCipher } from "./cipher.ts";

/**
 * How a field is stored: `clear` as it is, `flag` as 0/1, `json` as clear JSON; `secret` and `secret-json` encrypted.
 * Null is stored as null everywhere.
 */
export type ColumnKind = "clear" | "flag" | "json" | "secret" | "secret-json";
export type Columns<T> = { readonly [K in keyof T]-?: ColumnKind };

export type SqlValue = string | number | Uint8Array | null;
export type Row<T> = { [K in keyof T]: SqlValue };

/** The one place where fields become columns and back: what is user text never passes it in the clear. */
export class RowCodec<T extends { id: string }> {
  readonly #table: string;
  readonly #columns: Columns<T>;
  readonly #cipher: FieldCipher;

  constructor(table: string, columns: Columns<T>, cipher: FieldCipher) {
    this.#table = table;
    this.#columns = columns;
    this.#cipher = cipher;
  }

  encode(record: T): Row<T> {
    return this.encodeChange(record.id, record) as Row<T>;
  }

  /** Columns of the fields that are present; `id` names the row they belong to. */
  encodeChange(id: string, change: Partial<T>): Partial<Row<T>> {
    const row: Partial<Row<T>> = {};
    for (const name of this.#names()) {
      const value: unknown = change[name];
      if (value !== undefined) row[name] = value === null ? null : this.#encodeValue(name, id, value);
    }
    return row;
  }

  decode(row: Row<T>): T {
    const id = String(row.id);
    const entries = this.#names().map((name) => {
      const value = row[name];
      return [name, value === null ? null : this.#decodeValue(name, id, value)];
    });
    return Object.fromEntries(entries) as T;
  }

  /** One stored field of the row `id`. */
  decodeField<K extends keyof T>(id: string, name: K, value: SqlValue): T[K] {
    return (value === null ? null : this.#decodeValue(name, id, value)) as T[K];
  }

  #encodeValue(name: keyof T, id: string, value: unknown): SqlValue {
    switch (this.#columns[name]) {
      case "clear":
        return value as string | number;
      case "flag":
        return value ? 1 : 0;
      case "json":
        return JSON.stringify(value);
      case "secret":
        return this.#cipher.seal(this.#place(name, id), String(value));
      case "secret-json":
        return this.#cipher.seal(this.#place(name, id), JSON.stringify(value));
    }
  }

  #decodeValue(name: keyof T, id: string, value: SqlValue): unknown {
    switch (this.#columns[name]) {
      case "clear":
        return value;
      case "flag":
        return value === 1;
      case "json":
        return JSON.parse(String(value));
      case "secret":
        return this.#cipher.open(this.#place(name, id), value as Uint8Array);
      case "secret-json":
        return JSON.parse(this.#cipher.open(this.#place(name, id), value as Uint8Array));
    }
  }

  #place(name: keyof T, id: string): string {
    return `${this.#table}.${String(name)}:${id}`;
  }

  #names(): (keyof T)[] {
    return Object.keys(this.#columns) as (keyof T)[];
  }
}
