import { commandLine } from "../../core/command-words.ts";
import { type Output, printable } from "../output.ts";

export function renderFocus(
  { agent, attach }: { agent: { name: string }; attach: string[] | null },
  output: Output,
): void {
  output.data(
    attach === null ? `${agent.name} is in front` : `Look at ${agent.name} with: ${printable(commandLine(attach))}`,
  );
}
