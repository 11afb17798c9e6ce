export interface ProfileSpec {
  name: string;
  guid: string;
  properties: Record<string, unknown>;
}

/** A new user's iTerm2: one profile with the defaults of iterm2-facts §4. */
export const DEFAULT_PROFILES: readonly ProfileSpec[] = [
  {
    name: "Default",
    guid: "DEFA0000-0000-4000-8000-000000000001",
    properties: {
      "Custom Command": "No",
      Command: "",
      "Custom Directory": "No",
      "Working Directory": "",
      "Close Sessions On End": 0,
      "Prompt Before Closing 2": 0,
      "Session Close Undo Timeout": 5,
      "Badge Text": "",
      "Allow Title Setting": true,
    },
  },
];

/** Kinds of the values that SetProfileProperty checks; other keys take anything but null. */
const KINDS: Readonly<Record<string, "string" | "boolean" | "number" | "object">> = {
  Name: "string",
  Command: "string",
  "Custom Command": "string",
  "Custom Directory": "string",
  "Working Directory": "string",
  "Initial Text": "string",
  "Badge Text": "string",
  "Use Tab Color": "boolean",
  "Tab Color": "object",
  "Run Command In Login Shell": "boolean",
  "Close Sessions On End": "number",
  "Prompt Before Closing 2": "number",
  "Session Close Undo Timeout": "number",
  "Allow Title Setting": "boolean",
};

/** Whether the value has the type that the key asks for. */
export function isOfKind(key: string, value: unknown): boolean {
  return value !== null && (KINDS[key] === undefined || typeof value === KINDS[key]);
}
