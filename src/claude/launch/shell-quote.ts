/** The text as one word of a POSIX shell, whatever it holds (except NUL, which no word can hold). */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
