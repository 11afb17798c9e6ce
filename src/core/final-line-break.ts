/**
 * The text of a file or a pipe: the one line break that ends its last line belongs to the file, not to the text. Every
 * editor and `echo` write it, a shell's `$(…)` drops it, and no way into Claude Code's input box carries it.
 */
export function withoutFinalLineBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}
