/**
 * What iTerm2 does to the text of the profile key `Command` before anything runs (iterm2-facts §4, "Profile keys").
 * `onViolation` hears of what would execute code or open a panel.
 */
export function evaluateProfileText(value: string, key: string, onViolation: (what: string) => void): string {
  return substituteParameters(interpolate(value, key, onViolation), key, onViolation);
}

/** Backslash escapes of an interpolated string are resolved; `\(…)` would be executed. */
export function interpolate(value: string, key: string, onViolation: (what: string) => void): string {
  return value.replace(/\\([\s\S]?)/g, (whole, next: string) => {
    if (next === "(") onViolation(`${key}: iTerm2 executes what stands in \\(…)`);
    return next === "(" ? whole : next === "n" ? "\n" : next === "t" ? "\t" : next;
  });
}

/** Words as a shell would see them; no variables, no patterns, no operators. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      word ??= "";
    } else {
      const isEscape = character === "\\" && quote !== "'";
      word = (word ?? "") + (isEscape ? line.charAt(++index) : character);
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function substituteParameters(value: string, key: string, onViolation: (what: string) => void): string {
  let result = "";
  for (let rest = value; ; ) {
    const at = rest.indexOf("$$");
    if (at < 0) return result + rest;
    result += rest.slice(0, at);
    if (rest.startsWith("$$$$", at)) {
      result += "$$";
      rest = rest.slice(at + 4);
    } else {
      onViolation(`${key}: iTerm2 asks in a modal panel for what stands between $$ and $$`);
      const end = rest.indexOf("$$", at + 2);
      rest = end < 0 ? "" : rest.slice(end + 2);
    }
  }
}
