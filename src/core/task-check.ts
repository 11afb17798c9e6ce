import { splitCommand } from "./command-words.ts";
import { AppError } from "./errors.ts";

/**
 * The program and arguments of a check, as a person writes them in one line: words between blanks, quotes keep words
 * together, nothing is expanded and no shell runs it.
 * @throws TASK_CHECK_INVALID with the place of what is wrong
 */
export function parseCheck(line: string): string[] {
  const { words, unclosed } = splitCommand(line);
  if (unclosed !== undefined) {
    const quote = line.charAt(unclosed);
    throw new AppError("TASK_CHECK_INVALID", `The quote ${quote} at character ${unclosed + 1} is not closed: ${line}`, {
      details: { check: line, position: unclosed + 1 },
    });
  }
  if (words[0] === undefined || words[0] === "") {
    throw new AppError("TASK_CHECK_INVALID", "The check names no program", { details: { check: line, position: 1 } });
  }
  return words;
}
