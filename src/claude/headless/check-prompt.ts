import { AppError } from "../../core/errors.ts";
import type { InputPlan } from "../../core/ports/agent-program.ts";

const HALF_PAIRS = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * What arrives of a text that is sent as JSON: all of it, byte for byte, with control characters, blanks at its ends and
 * a leading `!` or `#` (200 hostile texts, 2.1.197 and 2.1.330). Only halves of surrogate pairs are no text.
 * @throws TEXT_EMPTY, TEXT_NOT_DELIVERABLE
 */
export function checkPrompt(
  text: string,
  options: { isExact: boolean },
): Pick<InputPlan, "expected" | "normalised" | "via"> {
  if (text.trim() === "") {
    throw new AppError("TEXT_EMPTY", text === "" ? "The text is empty" : "The text is empty but for blanks");
  }
  refuseCommand(text);
  const expected = text.replace(HALF_PAIRS, "\ufffd");
  if (expected === text) return { expected, normalised: [], via: "stream" };
  const change = "halves of surrogate pairs became replacement characters";
  if (!options.isExact) return { expected, normalised: [change], via: "stream" };
  throw new AppError(
    "TEXT_NOT_DELIVERABLE",
    `The text cannot arrive exactly: ${change.replace("became", "would become")}`,
  );
}

/** Only in the very first place; with a blank before it, it arrives as text. So do `/`, `/ x` and paths. */
function refuseCommand(text: string): void {
  const command = /^\/[^\s/]+(?=\s|$)/.exec(text)?.[0];
  if (command === undefined) return;
  throw new AppError(
    "TEXT_NOT_DELIVERABLE",
    `Claude Code would run ${command} as a command instead of taking it as a prompt`,
    { hint: `Put a word, or a blank, in front of ${command}.`, details: { command } },
  );
}
