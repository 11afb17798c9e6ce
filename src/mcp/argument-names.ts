/** `waitTimeout` → `wait_timeout`: how a field of an operation is called in a tool's arguments. */
export function argumentName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `agent.send` → `agent_send`: the tool of an operation. A hyphen would be a third kind of separator, so it goes too. */
export function toolName(operation: string): string {
  return operation.replace(/[.-]/g, "_");
}
