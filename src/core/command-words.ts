/**
 * Program and arguments of a command line: words between blanks, quotes keep blanks together, a backslash takes the next
 * character as it is (not within single quotes). No shell is meant: nothing else has a meaning. Undefined when a quote is
 * not closed.
 */
export function commandWords(line: string): string[] | undefined {
  const { words, unclosed } = splitCommand(line);
  return unclosed === undefined ? words : undefined;
}

const PLAIN = /^[\w@%+=:,./-]+$/;

/** The line that these words come from again, here and in a shell: for people and agents, who read and copy it. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** As `commandWords`, with the place (from 0) of the quote that is not closed, where there is one. */
export function splitCommand(line: string): { words: string[]; unclosed: number | undefined } {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  let openedAt = 0;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= "";
    if (character === quote) quote = undefined;
    else if (quote === undefined && (character === '"' || character === "'")) {
      quote = character;
      openedAt = index;
    } else if (character === "\\" && quote !== "'" && index + 1 < line.length) {
      index += 1;
      word += line.charAt(index);
    } else word += character;
  }
  return { words: word === undefined ? words : [...words, word], unclosed: quote === undefined ? undefined : openedAt };
}
