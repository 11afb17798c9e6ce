import type { Answer, MessageView } from "../../core/message.ts";
import type { Entry } from "../../core/transcript.ts";
import { type Output, printable, undeceiving } from "../output.ts";

/** With an answer: the answer alone on stdout, as a script wants it, and the delivery on stderr. Else one line. */
export function renderMessage({ message }: { message: MessageView }, output: Output): void {
  const changed = message.normalised.length === 0 ? "" : ` (changed: ${message.normalised.join(", ")})`;
  const line = `${message.state} ${message.agent.name} ${message.id}${changed}`;
  if (!message.answer) {
    output.data(printable(line));
    return;
  }
  if (output.isTerminal) output.note(output.paint.dim(printable(line)));
  output.data(printable(message.answer.text));
}

export function renderMessages(
  {
    messages,
    failed,
  }: { messages: MessageView[]; failed: { agent: { name: string }; code: string; message: string }[] },
  output: Output,
): void {
  for (const message of messages) renderMessage({ message }, output);
  for (const { agent, code, message } of failed) output.note(printable(`failed ${agent.name}: ${message} (${code})`));
}

export function renderEntries({ entries, answer }: { entries: Entry[]; answer: Answer | null }, output: Output): void {
  if (entries.length > 0) output.data(entries.map((entry) => formatEntry(entry, output)).join("\n\n"));
  else output.data(answer ? printable(answer.text) : "Nothing was said yet.");
}

export function formatEntry(entry: Entry, { paint }: Output): string {
  const text = printable(entry.text ?? "");
  switch (entry.kind) {
    case "prompt":
      return `${paint.bold("❯")} ${text}${entry.from === "person" ? paint.dim("  (typed by a person)") : ""}`;
    case "text":
      return text;
    case "thinking":
      return paint.dim(text);
    case "tool_use":
      return paint.cyan(undeceiving(`● ${entry.tool?.name ?? "tool"} ${JSON.stringify(entry.tool?.input ?? {})}`));
    case "tool_result":
      return paint.dim(`  ⎿ ${text.split("\n").join("\n    ")}`);
    case "error":
      return paint.red(text);
    case "interruption":
    case "notice":
      return paint.yellow(text);
  }
}
