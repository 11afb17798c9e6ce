const START = "\u001b[200~";
const END = "\u001b[201~";
/** Everything below a blank but tab and line feed, and DEL: in a paste they mean nothing, outside of it they are keys. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * A text in the frame of a bracketed paste, which iTerm2's API does not add. Whatever could end the frame early goes: the
 * rest of the text would be typed, Enter included. No API tells whether the program asked for pastes; agents do.
 */
export function bracketedPaste(text: string): string {
  return `${START}${text.replaceAll(END, "").replaceAll(/\r\n?/g, "\n").replaceAll(CONTROL, "")}${END}`;
}
