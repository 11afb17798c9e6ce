/** A protobuf message as plain data, by the snake-case field names of the schema; absent fields are absent keys. */
export interface Message {
  [field: string]: Value | undefined;
}

export type Value = string | number | boolean | Uint8Array | Message | Value[];

export function text(message: Message, field: string): string | undefined {
  const value = message[field];
  return typeof value === "string" ? value : undefined;
}

export function number(message: Message, field: string): number | undefined {
  const value = message[field];
  return typeof value === "number" ? value : undefined;
}

export function flag(message: Message, field: string): boolean | undefined {
  const value = message[field];
  return typeof value === "boolean" ? value : undefined;
}

export function bytes(message: Message, field: string): Uint8Array | undefined {
  const value = message[field];
  return value instanceof Uint8Array ? value : undefined;
}

export function child(message: Message, field: string): Message | undefined {
  const value = message[field];
  return isMessage(value) ? value : undefined;
}

export function children(message: Message, field: string): Message[] {
  const value = message[field];
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

export function texts(message: Message, field: string): string[] {
  const value = message[field];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function numbers(message: Message, field: string): number[] {
  const value = message[field];
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : [];
}

function isMessage(value: Value | undefined): value is Message {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Uint8Array);
}
