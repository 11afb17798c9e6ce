import type { Key } from "../../core/ports/terminal-backend.ts";

/**
 * The bytes of each key, as tmux sends them and as Claude Code reads them in both supported versions. Cursor keys in
 * normal mode: Claude Code never asks for the application mode.
 */
export const KEY_BYTES: Readonly<Record<Key, string>> = {
  Enter: "\r",
  Escape: "\u001b",
  Home: "\u001b[1~",
  End: "\u001b[4~",
  Up: "\u001b[A",
  Down: "\u001b[B",
  Right: "\u001b[C",
  Left: "\u001b[D",
  Tab: "\t",
  "C-c": "\u0003",
  "C-g": "\u0007",
  "C-s": "\u0013",
  "C-u": "\u0015",
  "C-d": "\u0004",
};
