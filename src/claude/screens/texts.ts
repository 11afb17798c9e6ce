/**
 * What Claude Code's screens say, as far as it decides anything. Seen in 2.1.197 and 2.1.329 (claude-code-samples);
 * the two differ in glyphs, in digits before options and in which option is preselected, not in these words.
 */

export type DialogKind =
  | "trust"
  | "api-key"
  | "theme"
  | "login"
  | "security-notes"
  | "bypass"
  | "mcp-server"
  | "imports"
  | "settings"
  | "config-error"
  | "connectivity"
  | "limit"
  | "permission"
  | "question"
  | "plan"
  | "panel"
  | "unknown";

/** Dialogs by a text that only they show; the first that matches names it. */
export const DIALOG_TEXTS: readonly { kind: DialogKind; text: RegExp; title?: string }[] = [
  { kind: "trust", text: /Yes, I trust this folder/, title: "Do you trust the files in this folder?" },
  { kind: "api-key", text: /Detected a custom API key/, title: "Do you want to use this API key?" },
  { kind: "theme", text: /Choose the text style/, title: "Choose the text style" },
  { kind: "login", text: /Select login method/, title: "Select login method" },
  { kind: "security-notes", text: /Security notes:/, title: "Security notes" },
  {
    kind: "bypass",
    text: /running in Bypass Permissions mode/,
    title: "Claude Code running in Bypass Permissions mode",
  },
  { kind: "mcp-server", text: /New MCP servers? found/, title: "New MCP server found in this project" },
  { kind: "imports", text: /Allow external CLAUDE\.md file imports/, title: "Allow external CLAUDE.md file imports?" },
  { kind: "settings", text: /Settings (?:Warning|Error)/ },
  { kind: "config-error", text: /Configuration error/i, title: "Configuration error" },
  {
    kind: "connectivity",
    text: /Unable to connect to Anthropic services/,
    title: "Unable to connect to Anthropic services",
  },
  { kind: "limit", text: /Stop and wait for limit to reset/ },
  { kind: "question", text: /Enter to select .*Esc to cancel|Review your answers|Ready to submit your answers\?/ },
  { kind: "plan", text: /Exit plan mode\?|Would you like to proceed\?|Ready to code\?/ },
  { kind: "permission", text: /Do you want to .+\?/ },
];

/**
 * 2.1.330 writes into the transcript that it goes on by itself at the end of a usage limit, and in other words that it
 * will not after all: somebody pressed Escape, the setting or the account changed, the limit was met too often, or the
 * machine slept through its end.
 */
export const GOES_ON = /\bset to continue automatically\b/;
export const DOES_NOT_GO_ON = /^Automatic continue\b|^Usage limit has reset · Press enter to continue$/;

/** A line below the options that only a dialog has. */
export const DIALOG_FOOTER = /\b(?:Enter to (?:confirm|select|continue)|Esc to (?:cancel|close|exit|go back))\b/i;

/** Start-up dialogs that only want to be read. */
export const PRESS_ENTER = /Press Enter to continue/;

/** Grey texts in an empty box; no colours are read, so exactly these count as empty (facts §5.2). */
export const GHOST_TEXTS: readonly RegExp[] = [
  /^Press up to edit queued messages$/,
  /^Resend your message to try again$/,
  /^Once fixed, resend your message$/,
  /^Try "[^"]*"$/,
];
