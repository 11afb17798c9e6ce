/**
 * A program without arguments as the profile key `Command` takes it. iTerm2 evaluates the text as an interpolated string,
 * asks the person for what stands between `$$` and `$$`, and splits the rest into words as a shell does (iterm2-facts §4).
 * Our home folder is `Application Support` on macOS: its blank alone makes quotes necessary.
 */
export function commandLine(path: string): string {
  const isPlain = /^[A-Za-z0-9/._+@%=,:-]+$/.test(path);
  return literal(isPlain ? path : `'${path.replaceAll("'", "'\\''")}'`);
}

/** A text that iTerm2 shall take as it is where it evaluates interpolated strings: nothing of it is executed or asked for. */
export function literal(text: string): string {
  return withoutParameters(text.replaceAll("\\", "\\\\"));
}

/** The same for `Name`, which is no interpolated string but asks for parameters all the same. */
export function withoutParameters(text: string): string {
  return text.replaceAll("$$", "$$$$$$$$");
}

/** One line, as titles and badges are. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ").trim();
}
