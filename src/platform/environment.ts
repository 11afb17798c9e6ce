/** They let one program in to the person's iTerm2, once: no business of our children. */
const ONE_TIME = ["ITERM2_COOKIE", "ITERM2_KEY"];

/**
 * A copy of the process's environment, read once at the start; unset variables are left out. What opens iTerm2 is in the
 * copy, and no longer where every child inherits it.
 */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const copy = Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  for (const name of ONE_TIME) delete source[name];
  return copy;
}
